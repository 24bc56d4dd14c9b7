"""The data sources that a user can choose from: those that work, and the others with what would make them work."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from pydantic import BaseModel, ValidationError

from closing_host.api.errors import ClosingError, SettingsError
from closing_host.engagements.host import Host
from closing_host.sources.facade import DataSource
from closing_host.sources.origins import authorization_origins

Way = Literal["login", "file", "direct"]
"""How its books come: after a login, from a file that the user brings, or by just asking."""


@dataclass(frozen=True, slots=True)
class SourceChoice:
    """A source in the list. `problem`: the message code of why it cannot be chosen, "" when it can."""

    id: str
    name: str
    way: Way
    suffixes: tuple[str, ...] = ()
    problem: str = ""
    parameters: Mapping[str, Any] = field(default_factory=dict)
    sub_ledger: bool = False
    """Whether it states receivables and payables, which a company may be connected without."""
    form: type[BaseModel] | None = None
    """What must be filled in for each client; None when every field has a default."""


def source_choices(host: Host) -> tuple[SourceChoice, ...]:
    """Every installed source by name: first those that work, then those that do not."""
    working = [_choice(host, each) for each in host.sources.sources.values()]
    broken = [
        SourceChoice(each.source, each.source, "direct", problem=each.code, parameters=each.parameters)
        for each in host.sources.problems
    ]
    return tuple(sorted([*working, *broken], key=lambda each: (bool(each.problem), each.name.casefold())))


def login_origins(host: Host) -> frozenset[str]:
    """The origins that installed sources send users to for login: what pages may submit forms to (T 3g)."""
    found: frozenset[str] = frozenset()
    for source in host.sources.sources.values():
        try:
            found |= authorization_origins(source.info, host.connections.access.installation(source))
        except ClosingError:  # not set up: then nobody is sent there either
            continue
    return found


def way_of(source: DataSource) -> Way:
    """How its books come."""
    if "authorize" in source.operations:
        return "login"
    return "file" if source.info.files is not None else "direct"


def _choice(host: Host, source: DataSource) -> SourceChoice:
    problem, parameters = "", dict[str, Any]()
    try:
        host.connections.access.installation(source)
    except ClosingError as error:
        problem, parameters = "source-not-set-up", {"source": source.info.name, "id": source.id}
        if error.code != "settings-wrong":
            problem, parameters = error.code, dict(error.parameters)
    suffixes = source.info.files.suffixes if source.info.files is not None else ()
    model = source.info.engagement
    return SourceChoice(
        source.id,
        source.info.name,
        way_of(source),
        suffixes,
        problem,
        parameters,
        sub_ledger="attachments" in source.operations,
        form=model if model is not None and any(each.is_required() for each in model.model_fields.values()) else None,
    )


def settings_from(form: type[BaseModel], given: Mapping[str, object]) -> dict[str, Any]:
    """What to keep of a filled-in form. Raises `SettingsError` with a code for each field that is missing or wrong."""
    try:
        return form.model_validate(dict(given)).model_dump(mode="json")
    except ValidationError as error:
        codes = {"missing": "setting-missing"}
        fields = {str(each["loc"][0]): codes.get(each["type"], "setting-does-not-fit") for each in error.errors()}
        raise SettingsError(fields) from None
