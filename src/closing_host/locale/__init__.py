"""The product's words, Swedish and English, and the local form of amounts and dates.

English stands in the code and is the key (gettext's msgid); Swedish stands in `sv/*.po`, one file per area,
compiled by `hatch_build.py`. Findings and errors carry codes: `messages/` holds the English text of each. A data
source may do the same, or state its words by code in `locale/en.toml` and `locale/sv.toml`, which need no building.
"""

import gettext
import importlib
import pkgutil
import tomllib
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from importlib.resources import files
from typing import Final, Literal, get_args

from closing_host.api.errors import ClosingError
from closing_host.api.money import ore_from_decimal

Language = Literal["sv", "en"]
LANGUAGES: Final[tuple[Language, ...]] = get_args(Language)

HOST: Final = "closing_host"

_YEAR_END: Final = "year-end"
"""The key of *Årsavslut* (`closing.entries.YEAR_END`), as errors and findings state it."""


class Words:
    """One language's words. `others` gives the packages whose catalogues are asked for codes that the host's has not:
    those of the data sources. It is called when first needed."""

    def __init__(self, language: Language, others: Callable[[], Sequence[str]] = tuple) -> None:
        self.language: Final = language
        self._others: Final = others

    def text(self, english: str, **parameters: object) -> str:
        """The words for `english` with `{name}` places filled in."""
        return _filled(self._translated(english), parameters)

    def texts(self, *english: str) -> list[str]:
        """The words for several texts without places, such as a table's titles."""
        return [self._translated(each) for each in english]

    def plural(self, one: str, many: str, count: int, **parameters: object) -> str:
        """The singular or plural form for `count`, which also fills `{count}`."""
        return _filled(_catalogue(HOST, self.language).ngettext(one, many, count), {"count": count, **parameters})

    def message(self, code: str, parameters: Mapping[str, object]) -> str:
        """The words of a finding's or error's code; a code without words is shown as it is, with its parameters."""
        for package in self._packages(code):
            if (english := english_by_code(package).get(code)) is not None:
                local = {name: self._spelled(value) for name, value in parameters.items()}
                return _filled(self._translated(english, package), local)
        return ", ".join([code, *(f"{name}: {value}" for name, value in parameters.items())])

    def label(self, english: str) -> str:
        """The label of a source's setting in this language; as it is when no catalogue has it."""
        for package in (HOST, *self._others()):
            if (translated := self._translated(english, package)) != english:
                return translated
        return english

    def error(self, error: ClosingError) -> str:
        """An error in one paragraph: what happened, what to do next, and what the source itself said."""
        said = self.message(error.code, error.parameters)
        return f"{said} ({error.detail})" if error.detail else said

    def amount(self, ore: int | None) -> str:
        """Öre in local form: `1 234,50` (no-break blanks) or `1,234.50`; nothing for None."""
        if ore is None:
            return ""
        whole, decimals = divmod(abs(ore), 100)
        grouped = f"{whole:,}"
        if self.language == "sv":
            grouped = grouped.replace(",", "\u00a0")
        return f"{'-' if ore < 0 else ''}{grouped}{',' if self.language == 'sv' else '.'}{decimals:02d}"

    def count(self, number: int) -> str:
        """A whole number in local form: `12 345` (no-break blank) or `12,345`."""
        return f"{number:,}".replace(",", "\u00a0") if self.language == "sv" else f"{number:,}"

    def kronor(self, amount: Decimal) -> str:
        """Kronor in local form; what is no amount in whole öre is shown as it is."""
        try:
            return self.amount(ore_from_decimal(amount))
        except ValueError:
            return str(amount)

    def percent(self, rate: Decimal) -> str:
        """A rate in local form: `20,6 %` (no-break blank) or `20.6%`."""
        return f"{rate:f}".replace(".", ",") + "\u00a0%" if self.language == "sv" else f"{rate:f}%"

    def date(self, day: date | None) -> str:
        """A date as YYYY-MM-DD, which both languages read; nothing for None."""
        return day.isoformat() if day else ""

    def instant(self, moment: datetime | None) -> str:
        """A moment as date and clock time in the machine's time zone."""
        return f"{moment.astimezone():%Y-%m-%d %H:%M}" if moment else ""

    def _spelled(self, value: object) -> object:
        """A parameter as people read it: amounts in local form, and a period's key by its name."""
        if isinstance(value, Decimal):
            return self.kronor(value)
        return self.text("Year end") if value == _YEAR_END else value

    def _packages(self, code: str) -> Sequence[str]:
        return (HOST,) if code in english_by_code(HOST) else self._others()

    def _translated(self, english: str, package: str = HOST) -> str:
        # gettext keeps its own header under ""
        return _catalogue(package, self.language).gettext(english) if english else ""


def choose(*wishes: str | None) -> Language:
    """The first of `wishes` (such as `sv_SE.UTF-8`) that names a language we speak, else English."""
    for wish in wishes:
        for language in LANGUAGES:
            if (wish or "").lower().startswith(language):
                return language
    return "en"


@cache
def english_by_code(package: str) -> Mapping[str, str]:
    """Code to English text, from `package`'s `locale/en.toml` and every module of its `locale.messages`, if any."""
    collected = dict(_stated(package, "en"))
    try:
        folder = importlib.import_module(f"{package}.locale.messages")
    except ModuleNotFoundError:
        return collected
    for module in pkgutil.iter_modules(folder.__path__):
        collected |= importlib.import_module(f"{folder.__name__}.{module.name}").MESSAGES
    return collected


def is_translated(package: str, english: str) -> bool:
    """Whether `package` has the text in every other language than English."""
    if not package:
        return False
    for language in LANGUAGES:
        catalogue = _catalogue(package, language)
        known = catalogue.texts if isinstance(catalogue, _Plain) else getattr(catalogue, "_catalog", {})
        if language != "en" and english not in known:
            return False
    return True


@cache
def _catalogue(package: str, language: Language) -> gettext.NullTranslations:
    if language == "en":
        return gettext.NullTranslations()
    compiled = files(package) / "locale" / language / "LC_MESSAGES" / f"{package}.mo"
    if not compiled.is_file():
        english = _stated(package, "en")
        return _Plain({english.get(code, code): text for code, text in _stated(package, language).items()})
    with compiled.open("rb") as file:
        return gettext.GNUTranslations(file)


def _stated(package: str, language: Language) -> Mapping[str, str]:
    """Code (or English label) to text, from `locale/<language>.toml`; empty without one."""
    file = files(package) / "locale" / f"{language}.toml"
    return tomllib.loads(file.read_text("utf-8")) if file.is_file() else {}


class _Plain(gettext.NullTranslations):
    """Translations that were not compiled."""

    def __init__(self, texts: Mapping[str, str]) -> None:
        super().__init__()
        self.texts = texts

    def gettext(self, message: str) -> str:
        return self.texts.get(message, message)


class _Kept(dict[str, object]):
    """Leaves a place unfilled rather than failing while something goes wrong already."""

    def __missing__(self, name: str) -> str:
        return f"{{{name}}}"


def _filled(template: str, parameters: Mapping[str, object]) -> str:
    return template.format_map(_Kept(parameters)) if parameters else template
