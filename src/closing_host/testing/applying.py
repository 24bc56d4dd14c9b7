"""Whether a test of the kit applies to an author's class."""

from typing import Final

from closing_host.testing.author import Author
from closing_host.testing.golden import golden_samples
from closing_host.testing.rules import ContractBroken, Rule
from closing_host.testing.server import has

NOT_STATED: Final = "does not state"
"""In the reason for a test that an author could have by stating more."""


def why_not(cls: type[Author], rule: Rule) -> str:
    """Why the test does not apply; "" when it does. Of a source that cannot be loaded the description is tried, so that
    the run fails and says why."""
    try:
        source = cls.loaded()
    except ContractBroken:
        return "" if rule.part == "describe" else "the host does not load the source"
    if missing := [hook for hook in rule.hooks if hook not in source.operations]:
        return f"the source has no {' and '.join(missing)}"
    reads_files = source.info.files is not None
    if rule.files is not None and rule.files != reads_files:
        return "the source reads files" if reads_files else "the source reads no files"
    if missing := [each for each in rule.abilities if not _able(cls, each)]:
        where = cls.__name__ if reads_files else getattr(cls.server, "__name__", "the fake server")
        return f"{where} {NOT_STATED} {' and '.join(missing).replace('|', ' or ')}"
    if rule.two_companies and (cls.server is None or cls.server.companies < 2):
        return "the fake server holds one company"
    return ""


def _able(cls: type[Author], ability: str) -> bool:
    """`ability` may name several with `|` between: one is enough."""
    return any(_has(cls, each) for each in ability.split("|"))


def _has(cls: type[Author], ability: str) -> bool:
    if ability == "golden":
        return bool(golden_samples(cls))
    if ability == "write_file":
        return cls.write_file is not Author.write_file
    if ability == "rate_limit":
        return cls.server is not None and cls.server.rate_limit is not None
    return has(cls.server, ability)
