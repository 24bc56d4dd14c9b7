"""A new data source from the template: files of `closing_host/source_template`, laid over each other, names filled in.

A kind is a list of layers. The files of a layer are those of the distribution, with `.template` behind their names;
`_name.txt` in a layer is the text for `@@name@@` in the other files. The template speaks of `my-source`, *My source*,
`my_source` and `MySource`; these are replaced. So the kinds differ by files, not by code.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Final, Literal

from closing_host.api import CONTRACT_VERSION

Kind = Literal["file", "key", "oauth2"]

LAYERS: Final[Mapping[Kind, tuple[str, ...]]] = {
    "file": ("shared", "file"),
    "key": ("shared", "served", "key"),
    "oauth2": ("shared", "served", "oauth2"),
}

NAME: Final = re.compile(r"[a-z](?:[a-z0-9]|-(?=[a-z0-9])){1,29}")
"""What a new source may be called: it becomes the source's id, and a Python module with `datasource_` before it."""

_SUFFIX: Final = ".template"
_PLACE: Final = re.compile(r"@@(\w+)@@")


@dataclass(frozen=True, slots=True)
class Naming:
    """The new source's id (`NAME`), and what people call it."""

    id: str
    title: str

    @property
    def folder(self) -> str:
        """Name of the folder and of the distribution."""
        return f"datasource-{self.id}"

    def fill(self, text: str) -> str:
        """`text` with these names instead of the template's."""
        module = self.id.replace("-", "_")
        type_name = "".join(part.capitalize() for part in self.id.split("-"))
        names = {"my-source": self.id, "my_source": module, "My source": self.title, "MySource": type_name}
        return re.sub("|".join(names), lambda found: names[found[0]], text)


def rendered(kind: Kind, naming: Naming) -> dict[str, str]:
    """The distribution's files: path to text."""
    found: dict[str, str] = {}
    for layer in LAYERS[kind]:
        found |= dict(_files(files("closing_host") / "source_template" / layer))
    places = {path[1:-4]: text.strip() for path, text in found.items() if path.startswith("_")}
    places["contract"] = _contract()

    def filled(text: str) -> str:
        return naming.fill(_PLACE.sub(lambda place: places[place[1]], text))

    return {naming.fill(path): filled(text) for path, text in found.items() if not path.startswith("_")}


def _contract() -> str:
    """The range of contracts that a source made today is made for, as Python."""
    major, minor = CONTRACT_VERSION
    before = (major + 1, 0) if major else (0, minor + 1)
    return f"(({major}, {minor}), {before})"


def _files(folder: Traversable, above: str = "") -> Iterator[tuple[str, str]]:
    for each in sorted(folder.iterdir(), key=lambda entry: entry.name):
        if each.is_dir():
            yield from _files(each, f"{above}{each.name}/")
        else:
            yield above + each.name.removesuffix(_SUFFIX), each.read_text("utf-8")
