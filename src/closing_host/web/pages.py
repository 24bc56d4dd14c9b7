"""Templates: everything that stands in them is escaped, and nothing may be missing (T F9)."""

from collections.abc import Callable, Mapping
from datetime import date, datetime
from functools import cache
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined

from closing_host.api.errors import ClosingError
from closing_host.ledgers import organisation
from closing_host.locale import Words
from closing_host.web import labels


@cache
def environment() -> Environment:
    """The templates of the package."""
    made = Environment(
        loader=PackageLoader("closing_host.web"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.globals["labels"] = labels
    made.filters["organisation_number"] = organisation.display
    return made


def render(template: str, words: Words, shell: Mapping[str, object], values: Mapping[str, object]) -> str:
    """The template's text in one language. `t`, `n`, `message` and `error` say; `amount`, `day`, `moment` spell."""
    return environment().get_template(template).render(**shell, **_speech(words), **values)


def _speech(words: Words) -> dict[str, Callable[..., Any] | Words | str]:
    def message(code: str, parameters: Mapping[str, object] | None = None) -> str:
        return words.message(code, parameters or {})

    def error(problem: ClosingError) -> str:
        return words.error(problem)

    def day(value: date | None) -> str:
        return words.date(value)

    def moment(value: datetime | None) -> str:
        return words.instant(value)

    return {
        "words": words,
        "language": words.language,
        "t": words.text,
        "n": words.plural,
        "message": message,
        "error": error,
        "amount": words.amount,
        "day": day,
        "moment": moment,
    }
