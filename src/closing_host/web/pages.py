"""Templates: everything that stands in them is escaped, and nothing may be missing (T F9)."""

import re
from collections.abc import Callable, Mapping
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from hashlib import sha256
from importlib.resources import files
from typing import Any, Final

from jinja2 import Environment, PackageLoader, StrictUndefined

from closing_host.api.errors import ClosingError
from closing_host.engagements.dropped import FILE_LIMIT
from closing_host.engagements.setup import proposed_form
from closing_host.ledgers import organisation
from closing_host.locale import Words
from closing_host.web import labels
from closing_host.web.guide_steps import step_address

_UNSEEN: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u202a-\u202e\u2066-\u2069]")
"""Control characters, and signs that turn the direction of the text around them: a name must not read as another."""


def shown(value: object) -> object:
    """What a template says, with a mark in place of what would act on the text instead of being read."""
    return _UNSEEN.sub("\ufffd", value) if isinstance(value, str) and _UNSEEN.search(value) else value


@cache
def environment() -> Environment:
    """The templates of the package."""
    made = Environment(
        loader=PackageLoader("closing_host.web"),
        autoescape=True,
        finalize=shown,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.globals["labels"] = labels
    made.globals["static"] = static
    made.globals["step_address"] = step_address
    made.globals["organisation_problem"] = organisation.check
    made.globals["proposed_form"] = proposed_form
    made.globals["file_limit"] = FILE_LIMIT
    made.filters["organisation_number"] = organisation.display
    return made


@cache
def static(name: str) -> str:
    """The address of a static file. It changes with the content, so that browsers may keep what they have."""
    content = (files("closing_host.web") / "static" / name).read_bytes()
    return f"/static/{name}?v={sha256(content).hexdigest()[:12]}"


def render(template: str, words: Words, shell: Mapping[str, object], values: Mapping[str, object]) -> str:
    """The template's text in one language. `t`, `n`, `message` and `error` say; `amount`, `day`, `moment` spell."""
    return environment().get_template(template).render(**shell, **_speech(words), **values)


_KRONOR: Final = re.compile(r"-?[0-9]{1,16}\.[0-9]{2}")


def _amount(value: str) -> object:
    """An amount in kronor as `summary` of an import wrote it, as a number; any other text as it stands."""
    return Decimal(value) if _KRONOR.fullmatch(str(value)) else value


def _speech(words: Words) -> dict[str, Callable[..., Any] | Words | str]:
    def message(code: str, parameters: Mapping[str, object] | None = None) -> str:
        return words.message(code, parameters or {})

    def stored(code: str, parameters: Mapping[str, str]) -> str:
        """The words of what a record keeps as text: amounts get their local form again."""
        return words.message(code, {name: _amount(value) for name, value in parameters.items()})

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
        "stored": stored,
        "error": error,
        "amount": words.amount,
        "day": day,
        "moment": moment,
    }
