"""What a test of the kit needs, and whether a source has it: tests follow the hooks that a source implements."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Literal, NoReturn, TypeVar

Part = Literal["describe", "authorize", "import", "attachments", "export", "files", "manners"]

DOCS: Final = "docs/conformance-kit.md"

_RULE: Final = "closing_rule"

_Test = TypeVar("_Test", bound=Callable[..., None])


@dataclass(frozen=True, slots=True)
class Rule:
    """When a test applies. `hooks`: what the source must implement, all of them. `abilities`: methods that its fake
    server (or, for `write_file`, the author's class) must have; with `|` between two, one of them. `two_companies`:
    that server must hold two. `files`: True for sources that read files only, False for those that call a server."""

    part: Part
    hooks: tuple[str, ...] = ()
    abilities: tuple[str, ...] = ()
    two_companies: bool = False
    files: bool | None = None


def rule(
    part: Part,
    *hooks: str,
    abilities: tuple[str, ...] = (),
    two_companies: bool = False,
    files: bool | None = None,
) -> Callable[[_Test], _Test]:
    """Mark a test method with its `Rule`."""

    def mark(test: _Test) -> _Test:
        setattr(test, _RULE, Rule(part, hooks, abilities, two_companies, files))
        return test

    return mark


def rules_of(tests: type) -> dict[str, Rule]:
    """The kit's tests of a class, by name, in the order in which they stand in the kit."""
    found: dict[str, Rule] = {}
    for base in reversed(tests.__mro__):
        for name, value in vars(base).items():
            stated = getattr(value, _RULE, None)
            if isinstance(stated, Rule):
                found[name] = stated
    return found


class ContractBroken(AssertionError):
    """A source does not keep the contract. The text says what it did and what to do."""


def broken(what: str, do: str) -> NoReturn:
    """Fail the test: what the source did, and what to do about it."""
    __tracebackhide__ = True
    raise ContractBroken(f"{what}\n  {do}\n  See {DOCS}.")


def expect(holds: bool, what: str, do: str) -> None:
    """Fail the test unless `holds`."""
    __tracebackhide__ = True
    if not holds:
        broken(what, do)
