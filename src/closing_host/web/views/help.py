"""*Hjälp*: the host's own pages, and one for each data source from the source's own text.

The one place whose HTML is not the templates' own: `markdown` makes it, escaped, from texts that are installed.
"""

from importlib.resources import files
from typing import Final

from starlette.responses import Response

from closing_host.api.errors import ClosingError
from closing_host.locale import Language
from closing_host.web.call import Call
from closing_host.web.markdown import html_of
from closing_host.web.routes import Page, Permission

TOPICS: Final = ("getting-started", "attachments", "period-reconciliation", "transaction-analysis")
"""The host's own pages, in the order in which they are listed; `web/help/<language>/<topic>.md`."""


def contents(call: Call) -> Response:
    """What there is to read."""
    own = [(topic, _title(_own(topic, call.words.language))) for topic in TOPICS]
    return call.page("help.html", topics=own, sources=call.office.sources_with_help())


def topic(call: Call) -> Response:
    """One of the host's own pages."""
    name = call.path("topic")
    if name not in TOPICS:
        raise ClosingError("help-unknown", page=name)
    text = _own(name, call.words.language)
    return call.page("help_page.html", title=_title(text), content=html_of(text))


def source(call: Call) -> Response:
    """*Hantera {källa}-integrationen*."""
    text = call.office.source_help(call.path("source"), call.words.language)
    if text is None:
        raise ClosingError("help-unknown", page=call.path("source"))
    return call.page("help_page.html", title=_title(text), content=html_of(text))


def _own(name: str, language: Language) -> str:
    return (files("closing_host.web") / "help" / language / f"{name}.md").read_text("utf-8")


def _title(text: str) -> str:
    """The first heading."""
    return text.partition("\n")[0].lstrip("# ").strip()


PAGES = (
    Page("GET", "/help", contents, Permission.READ),
    Page("GET", "/help/sources/{source}", source, Permission.READ),
    Page("GET", "/help/{topic}", topic, Permission.READ),
)
