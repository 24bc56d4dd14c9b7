"""The source that is judged: its declaration, its code and its help, as they are installed."""

import ast
import importlib.util
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from importlib.resources import files
from pathlib import Path
from types import ModuleType

from closing_host.api.source import SourceInfo
from closing_host.locale import LANGUAGES
from closing_host.sources.facade import DataSource

_HOST = "closing_host"


@dataclass(frozen=True)
class Subject:
    """One loaded source."""

    source: DataSource

    @property
    def info(self) -> SourceInfo:
        """What it declares."""
        return self.source.info

    @property
    def module(self) -> str:
        """The module that its hooks stand in; "" for a source without any."""
        for caller in self.source.hooks.values():
            plugin = caller.get_hookimpls()[0].plugin
            return plugin.__name__ if isinstance(plugin, ModuleType) else type(plugin).__module__
        return ""

    @property
    def folder(self) -> Path:
        """The folder of that module."""
        return _path(self.module).parent

    @cached_property
    def code(self) -> Mapping[str, ast.Module]:
        """The modules of its own that its hooks reach by imports, by name; of a built-in source its one module."""
        package = self.module.partition(".")[0]
        found: dict[str, ast.Module] = {}
        waiting = [self.module]
        while waiting:
            name = waiting.pop()
            if name in found or (path := _path(name)) == Path():
                continue
            found[name] = ast.parse(path.read_text("utf-8"))
            if package != _HOST:
                waiting += [each for each in _imported(found[name], name) if each.partition(".")[0] == package]
        return dict(sorted(found.items()))

    @cached_property
    def help(self) -> Mapping[str, str]:
        """Its help by language, as Markdown."""
        if not self.info.package:
            return {}
        texts = {language: files(self.info.package) / "help" / f"{language}.md" for language in LANGUAGES}
        return {language: text.read_text("utf-8") for language, text in texts.items() if text.is_file()}


def _path(module: str) -> Path:
    """The module's source file; `Path()` when there is none."""
    try:
        spec = importlib.util.find_spec(module) if module else None
    except ModuleNotFoundError:  # `from package import name`, where the name is no module
        spec = None
    return Path(spec.origin) if spec is not None and spec.origin and spec.origin.endswith(".py") else Path()


def _imported(tree: ast.Module, name: str) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (each.name for each in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = node.module or ""
            if node.level:
                base = ".".join([*name.split(".")[: -node.level], *([base] if base else [])])
            yield base
            yield from (f"{base}.{each.name}" for each in node.names)
