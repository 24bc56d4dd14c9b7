"""What a source says of its own quality: `quality.toml` beside its hooks.

[stated]                    # what no machine can tell, each with how it holds
owner = "Åsa Ek, asa@example.se"

[exempt]                    # what cannot hold, each with the reason
golden-year = "The product offers no export to compare with."
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from closing_host.api.errors import DataError
from closing_host.sources.quality.subject import Subject

FILE: Final = "quality.toml"


@dataclass(frozen=True, slots=True)
class Declared:
    """Rule id to how it holds (`stated`), and to why it cannot (`exempt`)."""

    stated: Mapping[str, str] = field(default_factory=dict)
    exempt: Mapping[str, str] = field(default_factory=dict)


def declared_of(subject: Subject) -> Declared:
    """The declaration; an empty one when the source has none.

    Raises `DataError` `quality-unreadable` for a file that is none, or states anything but texts.
    """
    path = subject.folder / FILE
    if not subject.module or not path.is_file():
        return Declared()
    try:
        stated = tomllib.loads(path.read_text("utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise DataError("quality-unreadable", file=FILE, detail=str(error)) from error
    for table, rules in stated.items():
        if table not in ("stated", "exempt") or not isinstance(rules, dict):
            raise DataError("quality-unreadable", file=FILE, detail=table)
        if wrong := [rule for rule, text in rules.items() if not isinstance(text, str) or not text.strip()]:
            raise DataError("quality-unreadable", file=FILE, detail=", ".join(wrong))
    return Declared(stated.get("stated", {}), stated.get("exempt", {}))
