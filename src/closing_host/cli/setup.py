"""`closing source setup`: a source's installation settings, asked for once and tested."""

import asyncio
import getpass
import sys
from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated, Any

from cyclopts import Parameter

from closing_host.api.errors import SettingsError
from closing_host.cli import output
from closing_host.cli.opened import house
from closing_host.cli.session import session

if TYPE_CHECKING:
    from pydantic import BaseModel
    from pydantic.fields import FieldInfo


def setup(
    source: str,
    /,
    *,
    set_: Annotated[
        tuple[str, ...], Parameter(name="--set", help="A setting as name=value; the others are asked for.")
    ] = (),
    test: Annotated[bool, Parameter(help="Have the source test the settings before they are stored.")] = True,
) -> None:
    """Set a data source up, once for this installation: application id, secret, addresses.

    Secrets are stored encrypted. Asks for what is not given with --set; in a script, give all that has no default.

    Parameters
    ----------
    source
        The source's id; see closing source list.
    """
    from closing_host.sources.registry import discover

    words = session().words
    model = discover(safe_mode=session().safe_mode).source(source).info.installation
    if model is None:
        nothing = words.text("{source} needs no set-up.", source=source)
        output.result({"source": source, "tested": False}, lambda: output.line(nothing))
        return
    given = dict(_named(each) for each in set_)
    with house() as host:
        settings = settings_of(model, asked(model, given) if sys.stdin.isatty() else given)
        if test:
            asyncio.run(host.connections.check_installation(source, settings))
        host.connections.save_installation(source, settings, host.actor)
        name = host.sources.source(source).info.name
    done = words.text(
        "{source} is set up. Connect a client: closing connect ENGAGEMENT --source {id}", source=name, id=source
    )
    output.result({"source": source, "tested": test}, lambda: output.line(done))


def settings_of(model: "type[BaseModel]", given: Mapping[str, Any]) -> "BaseModel":
    """The settings. Raises `SettingsError` with a code for each field that is missing, unknown or does not fit."""
    from pydantic import ValidationError

    if unknown := set(given) - set(model.model_fields):
        raise SettingsError(dict.fromkeys(unknown, "setting-unknown"))
    try:
        return model.model_validate(dict(given))
    except ValidationError as error:
        codes = {"missing": "setting-missing"}
        fields = {str(each["loc"][0]): codes.get(each["type"], "setting-does-not-fit") for each in error.errors()}
        raise SettingsError(fields) from None


def asked(model: "type[BaseModel]", given: Mapping[str, str]) -> dict[str, str]:
    """The fields that are not given, asked for one by one; nothing for those left at their default."""
    answers = dict(given)
    for name, field in model.model_fields.items():
        if name not in answers and (answer := _ask(name, field)):
            answers[name] = answer
    return answers


def _ask(name: str, field: "FieldInfo") -> str:
    from pydantic import SecretStr

    default = "" if field.is_required() else f" [{field.default}]"
    label = f"{session().words.label(field.title or name)}{default}: "
    if field.annotation is SecretStr:
        return getpass.getpass(label)
    output.messages().print(label, end="", markup=False)
    return input().strip()


def _named(setting: str) -> tuple[str, str]:
    name, _, value = setting.partition("=")
    return name.strip(), value.strip()
