"""docs/authors/reference.md, made from the code: every hook, record, error, table and limit of the contract.

`make contract` writes it; a test holds it equal.
"""

import dataclasses
import importlib
import inspect
import re
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Final

from closing_host.api import CONTRACT_VERSION, errors, hookspecs
from closing_host.api.ledger import SCHEMAS
from closing_host.api.money import MAX_ORE
from closing_host.sources import breaker, loading
from closing_host.sources.context import KEEP_LIMIT, LONGEST_NAME
from closing_host.sources.hooks import SPECIFIED
from closing_host.sources.wire import Limits
from closing_host.transfers.importing import FILE_SIZE_LIMIT
from contract_stub import API, INTERNAL

PAGE: Final = Path(__file__).parents[1] / "docs" / "authors" / "reference.md"

_OF_THE_HOST: Final = ("__init__", "hookspecs", "errors")


def page() -> str:
    """The whole page."""
    version = ".".join(map(str, CONTRACT_VERSION))
    parts = [
        f"# Reference\n\nContract version: {version}. Made from the code; "
        "[the contract](../contract.md) says what goes with it.",
        "## Hooks\n\n" + "\n\n".join(_hooks()),
        "## Records and functions\n\n" + "\n\n".join(_modules()),
        "## Errors\n\n" + "\n".join(_errors()),
        "## Tables of a ledger\n\nIn the order in which `LedgerBuilder.extend` takes the columns.\n\n"
        + "\n\n".join(_tables()),
        "## Limits\n\n" + "\n".join(_limits()),
    ]
    return "\n\n".join(parts) + "\n"


def public(module: ModuleType) -> dict[str, object]:
    """Classes and functions that the module defines for others."""
    return {
        name: value
        for name, value in vars(module).items()
        if not name.startswith("_")
        and (inspect.isclass(value) or inspect.isfunction(value))
        and value.__module__ == module.__name__
    }


def modules() -> Iterator[ModuleType]:
    """The modules of records and functions."""
    for path in sorted(API.glob("*.py")):
        if path.stem not in (*_OF_THE_HOST, *INTERNAL):
            yield importlib.import_module(f"closing_host.api.{path.stem}")


def _hooks() -> Iterator[str]:
    for name, parameters in SPECIFIED.items():
        function = getattr(hookspecs, name)
        returns = str(function.__annotations__["return"]).split(" | Awaitable")[0]
        yield f"### `{name}({', '.join(parameters)})`\n\nReturns `{returns}`. {_said(function)}"


def _modules() -> Iterator[str]:
    for module in modules():
        for name, value in public(module).items():
            yield f"### `{module.__name__.removeprefix('closing_host.api.')}.{name}`\n\n" + "\n\n".join(
                _described(name, value)
            )


def _described(name: str, value: object) -> Iterator[str]:
    if inspect.isfunction(value):
        yield f"`{name}{_signature(value)}`"
        yield _said(value)
        return
    yield _said(value)
    assert inspect.isclass(value)
    if dataclasses.is_dataclass(value):
        rows = [
            f"| `{each.name}` | `{_typed(each.type)}` | {_default(each)} |"
            for each in dataclasses.fields(value)
            if each.init
        ]
        if rows:
            yield "\n".join(["| field | type | default |", "|---|---|---|", *rows])
    methods = [
        f"- `{each}{_signature(function)}`: {_said(function)}"
        for each, function in vars(value).items()
        if inspect.isfunction(function) and not each.startswith("_") and function.__doc__
    ]
    if methods:
        yield "\n".join(methods)


def _errors() -> Iterator[str]:
    yield "| class | is a | code unless stated | exit code | what it says |"
    yield "|---|---|---|--:|---|"
    for name, value in public(errors).items():
        assert inspect.isclass(value)
        assert issubclass(value, errors.ClosingError)
        base = value.__bases__[0].__name__
        yield f"| `{name}` | `{base}` | `{value.code}` | {value.exit_code} | {_said(value)} |"


def _tables() -> Iterator[str]:
    for table, schema in SCHEMAS.items():
        columns = ", ".join(f"`{name}` {str(dtype).replace('|', '/')}" for name, dtype in schema.items())
        yield f"**{table}**: {columns}"


def _limits() -> Iterator[str]:
    wire, megabyte = Limits(), 1024**2
    stated = {
        "importing the source": f"{loading.IMPORT_SECONDS:g} s",
        "describing itself": f"{loading.DESCRIBE_SECONDS:g} s",
        "silence in `import_ledger` and `attachments`": f"{breaker.SILENCE['import_ledger']:g} s",
        "silence in any other hook": f"{breaker.SHORT_SILENCE:g} s",
        "`recognises`, for one file": f"{breaker.RECOGNISING:g} s",
        "hooks left behind in a row": f"{breaker.SILENT_CALLS}, then the source is left alone for {breaker.REST:g} s",
        "calls of one source under way at a time": str(breaker.MOST_AT_ONCE),
        "what one call keeps": f"{KEEP_LIMIT // megabyte} MB",
        "a name that is kept": f"{LONGEST_NAME} characters",
        "an uploaded file": f"{FILE_SIZE_LIMIT // megabyte} MB",
        "an answer over `context.http`": f"{wire.size // megabyte} MB",
        "connecting": f"{wire.connect:g} s",
        "the longest gap in an answer": f"{wire.silence:g} s",
        "a read, a write, from first to last byte": f"{wire.read:g} s, {wire.write:g} s",
        "tries of a read": str(wire.tries),
        "an amount": f"{MAX_ORE} öre, either sign",
    }
    yield "| what | limit |"
    yield "|---|---|"
    for what, limit in stated.items():
        yield f"| {what} | {limit} |"


def _said(value: object) -> str:
    """The docstring's text without code blocks, on one line."""
    text = re.sub(r"\n\n(?: {4,}.*\n?)+", "\n", inspect.getdoc(value) or "")
    return " ".join(text.split()).replace("|", "\\|")


def _signature(function: object) -> str:
    assert inspect.isfunction(function)
    return str(inspect.signature(function)).replace("closing_host.api.", "").replace("'", "").replace("|", "/")


def _typed(annotation: object) -> str:
    text = annotation if isinstance(annotation, str) else getattr(annotation, "__name__", str(annotation))
    text = str(annotation) if "[" in str(annotation) or "|" in str(annotation) else text
    return re.sub(r"\b(?:\w+\.)+(?=\w)", "", text).replace("|", "/").replace("'", "")


def _default(field: "dataclasses.Field[object]") -> str:
    if inspect.isfunction(field.default):
        return "a function"
    if field.default is not dataclasses.MISSING:
        return f"`{field.default!r}`"
    return "empty" if field.default_factory is not dataclasses.MISSING else "required"


if __name__ == "__main__":
    PAGE.write_text(page(), "utf-8")
    print(PAGE)
