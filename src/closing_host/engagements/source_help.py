"""What a data source tells its users about itself: `help/<language>.md` in its package (`api.source.SourceInfo`)."""

from importlib.resources import files

from closing_host.engagements.host import Host
from closing_host.locale import LANGUAGES, Language
from closing_host.sources.facade import DataSource


def sources_with_help(host: Host) -> tuple[DataSource, ...]:
    """The loaded sources that have a help text in some language, by name."""
    found = [source for source in host.sources.sources.values() if source_help(source, "en") is not None]
    return tuple(sorted(found, key=lambda source: source.info.name.casefold()))


def source_help(source: DataSource, language: Language) -> str | None:
    """The source's help as Markdown, in another language when it has not this one; None when it has none at all."""
    if not source.info.package:
        return None
    folder = files(source.info.package) / "help"
    for each in (language, *(other for other in LANGUAGES if other != language)):
        text = folder / f"{each}.md"
        if text.is_file():
            return text.read_text("utf-8")
    return None
