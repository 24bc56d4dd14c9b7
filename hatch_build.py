"""Compiles the catalogues (`locale/<language>/*.po`) into one `.mo` per package and language.

Run by hatchling for every build, also an editable one, and by hand: `python hatch_build.py`.
"""

from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

try:
    from hatchling.builders.hooks.plugin.interface import BuildHookInterface
except ImportError:  # run by hand without the build tools
    BuildHookInterface = object  # type: ignore[assignment,misc]


def compile_catalogues(root: Path) -> list[Path]:
    """Write `<package>/locale/<language>/LC_MESSAGES/<package>.mo` from all `.po` files of that language."""
    written = []
    for folder in sorted(root.glob("src/*/locale/*")):
        sources = sorted(folder.glob("*.po"))
        if not sources:
            continue
        merged = Catalog(locale=folder.name)
        for source in sources:
            with source.open("rb") as file:
                for message in read_po(file, locale=folder.name):
                    if message.id:
                        merged[message.id] = message
        target = folder / "LC_MESSAGES" / f"{folder.parents[1].name}.mo"
        target.parent.mkdir(exist_ok=True)
        with target.open("wb") as file:
            write_mo(file, merged)
        written.append(target)
    return written


class CatalogueHook(BuildHookInterface):  # type: ignore[type-arg]
    """Hatchling's entry: compile before the files are collected."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Compile all catalogues below the project's root."""
        compile_catalogues(Path(self.root))


if __name__ == "__main__":
    for path in compile_catalogues(Path(__file__).parent):
        print(path)
