"""One request as a view sees it: who asks, in which language, the form, the desk, and how to answer."""

from collections.abc import Mapping
from functools import cached_property
from typing import Final

from starlette.datastructures import FormData
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from closing_host.api.errors import ClosingError
from closing_host.locale import Language, Words, choose
from closing_host.storage.sessions import WebSession
from closing_host.web import pages
from closing_host.web.desk import Desk
from closing_host.web.house import House
from closing_host.web.office import Office
from closing_host.web.security.sizes import LimitedBody

MOST_FILES: Final = 100
MOST_FIELDS: Final = 1000
LARGEST_ID: Final = 2**31 - 1


class Call:
    """A request on its way. `session` is None on pages that need none; `form` is empty but for POST."""

    def __init__(self, house: House, request: Request, session: WebSession | None) -> None:
        self.house: Final = house
        self.request: Final = request
        self.session: Final = session
        self.form: FormData = FormData()

    @cached_property
    def words(self) -> Words:
        """The session's language, else what the browser prefers."""
        chosen = self.session.language if self.session is not None else ""
        preferred = self.request.headers.get("accept-language", "")
        sources = self.house.host.sources.sources.values()
        return Words(_language(chosen, preferred), lambda: tuple(e.info.package for e in sources if e.info.package))

    @cached_property
    def desk(self) -> Desk:
        """The engagement that the address names, and no other (T G-1). Raises `ClosingError` `engagement-unknown`."""
        return Desk(self.house, self.number("engagement"))

    @cached_property
    def office(self) -> Office:
        """What concerns all engagements."""
        return Office(self.house)

    @property
    def session_key(self) -> str:
        """What tells this session from others in a login dialogue."""
        assert self.session is not None
        return self.session.id_hash

    def path(self, name: str) -> str:
        """A part of the address, as text."""
        return str(self.request.path_params[name])

    def number(self, name: str) -> int:
        """A part of the address that is a number. Raises `ClosingError` `page-missing` for one that no id can be."""
        number = int(self.request.path_params[name])
        if number > LARGEST_ID:
            raise ClosingError("page-missing")
        return number

    def query(self, name: str) -> str:
        """A value behind the address's question mark, "" when it is not there."""
        return self.request.query_params.get(name, "")

    def field(self, name: str) -> str:
        """A form's field, "" when it is not there or is a file."""
        value = self.form.get(name, "")
        return value if isinstance(value, str) else ""

    def numbers(self, name: str) -> frozenset[int]:
        """All values of a form's field that are numbers."""
        stated = [value for value in self.form.getlist(name) if isinstance(value, str)]
        return frozenset(int(value) for value in stated if value.isascii() and value.isdigit() and len(value) < 10)

    async def read_form(self, limit: int, fields: int = MOST_FIELDS) -> None:
        """Read the request's form, files aside on disk; `close` it afterwards.

        Raises `BodyTooLarge` beyond `limit` bytes, and `ClosingError` `form-unreadable`, also for more than `fields`.
        """
        body = LimitedBody(self.request, limit)
        body.refuse_stated()
        try:
            self.form = await body.request.form(max_files=MOST_FILES, max_fields=fields)
        except HTTPException as error:
            raise body.too_large() if body.exceeded else ClosingError("form-unreadable") from error

    async def close(self) -> None:
        """Give up what the form holds aside."""
        await self.form.close()

    @property
    def is_partial(self) -> bool:
        """Whether htmx asks, so that a part of the page is enough."""
        return self.request.headers.get("hx-request") == "true"

    def page(self, template: str, status: int = 200, **values: object) -> Response:
        """The rendered template."""
        return HTMLResponse(self.rendered(template, **values), status)

    def rendered(self, template: str, **values: object) -> str:
        """The rendered template's text."""
        return pages.render(template, self.words, self._shell(), values)

    def go(self, address: str) -> Response:
        """Answer with another address, to be fetched by GET."""
        return RedirectResponse(address, 303)

    def source_name(self, source_id: str) -> str:
        """What the source calls itself; its id when it is not installed."""
        source = self.house.host.sources.sources.get(source_id)
        return source.info.name if source is not None else source_id

    def _source_help(self, source_id: str) -> str:
        """The address of the source's help; that of all help for a source that has none."""
        known = self.office.source_help(source_id, self.words.language) is not None
        return f"/help/sources/{source_id}" if known else "/help"

    def _shell(self) -> Mapping[str, object]:
        """What the frame of every page shows."""
        return {
            "user": self.session.actor if self.session is not None else "",
            "here": self.request.url.path,
            "partial": self.is_partial,
            "source_name": self.source_name,
            "source_help": self._source_help,
        }


def _language(chosen: str, preferred: str) -> Language:
    """The chosen one, else the first of Accept-Language that we speak (its order is the browser's preference)."""
    return choose(chosen, *(each.strip() for each in preferred.split(",")))
