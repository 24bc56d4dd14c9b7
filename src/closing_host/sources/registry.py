"""Finds the installed data sources: the good ones load, each other becomes one problem, and the host starts.

Not by `importlib.metadata.entry_points` and not by pluggy's loader: both stop everything at the first distribution
that is broken.
"""

import logging
import os
import re
import time
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import Distribution, distributions
from types import MappingProxyType
from typing import Final

from closing_host.api.errors import CapabilityMissing
from closing_host.api.hookspecs import ENTRY_POINT_GROUP
from closing_host.sources.arriving import Arriving, ArrivingProblems, Loading, begin
from closing_host.sources.facade import DataSource
from closing_host.sources.loading import Found, Patience, load
from closing_host.sources.problems import PluginProblem

ONLY_VARIABLE: Final = "CLOSING_SOURCES"

_ID: Final = re.compile(r"[a-z0-9][a-z0-9_-]{0,63}")

_LOG: Final = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Registry:
    """The sources that work, by id in alphabetical order, and the problems of those that do not.

    While sources are loading, looking for one by its id waits for it, and looking through them shows those that have
    loaded; what still loads is a problem that goes by (`plugin-still-loading`).
    """

    sources: Mapping[str, DataSource]
    problems: Sequence[PluginProblem] = ()

    def source(self, id: str) -> DataSource:
        """The source with this id. Raises `CapabilityMissing` `source-not-loaded`."""
        source = self.sources.get(id)
        if source is None:
            raise CapabilityMissing("source-not-loaded", source=id)
        return source

    def name_of(self, id: str) -> str:
        """The source's name, for words; its id when it is not loaded (any more)."""
        source = self.sources.get(id)
        return id if source is None else source.info.name


def discover(
    *,
    safe_mode: bool = False,
    only: Collection[str] | None = None,
    patience: Patience | None = None,
    soon: float | None = None,
) -> Registry:
    """Load every installed source, or those whose ids are in `only`; in safe mode none. Never raises.

    Without `only` the variable CLOSING_SOURCES decides: ids with commas between, where nothing means none; not set
    means all. An id that nothing installed has is a problem too. An id that is stated twice loads from neither.
    `soon`: go on after so many seconds and let the rest load meanwhile; None waits until all have loaded or were
    given up, which `patience` bounds.
    """
    if only is None and ONLY_VARIABLE in os.environ:
        only = {id.strip() for id in os.environ[ONLY_VARIABLE].split(",") if id.strip()}
    if safe_mode:
        return Registry(MappingProxyType({}))
    problems: list[PluginProblem] = []
    by_id: dict[str, list[Found]] = defaultdict(list)
    for each in _found():
        if isinstance(each, PluginProblem):
            if only is None or each.source in ("", *only):
                problems.append(each)
        elif only is None or each.id in only:
            by_id[each.id].append(each)
    missing = set(only or ()) - set(by_id) - {each.source for each in problems}
    problems += [_not_installed(id) for id in sorted(missing)]
    for problem in problems:
        _tell(problem)
    loadings = {id: _loading(id, claims, patience or Patience()) for id, claims in by_id.items()}
    arriving = Arriving(loadings, None if soon is None else time.monotonic() + soon)
    begin(loadings.values())
    if len(arriving) < len(loadings) and not arriving.have_ended:
        return Registry(arriving, ArrivingProblems(problems, arriving))
    return Registry(MappingProxyType(dict(arriving)), (*problems, *arriving.problems()))


def _loading(id: str, claims: list[Found], patience: Patience) -> Loading:
    first = min(claims, key=lambda each: each.named)

    def load() -> DataSource | PluginProblem:
        loaded = _loaded(id, claims, first, patience)
        if isinstance(loaded, PluginProblem):
            _tell(loaded)
        return loaded

    return Loading(load, first.problem("import", "plugin-still-loading"))


def _loaded(id: str, claims: list[Found], first: Found, patience: Patience) -> DataSource | PluginProblem:
    if len(claims) > 1:
        return first.problem("find", "source-id-twice", claims=", ".join(sorted(each.named for each in claims)))
    if not _ID.fullmatch(id):
        return first.problem("find", "source-id-wrong")
    return load(first, patience)


def _tell(problem: PluginProblem) -> None:
    _LOG.warning("data source %s not loaded: %s %s", problem.source, problem.code, problem.trace)


def _not_installed(id: str) -> PluginProblem:
    return PluginProblem(id, "", "", "find", "source-not-installed", {"source": id})


def _found() -> Iterator[Found | PluginProblem]:
    """The entry points of our group in every distribution; the first of a name hides later ones, as in imports."""
    seen: set[str] = set()
    for distribution in distributions():
        try:
            text = distribution.read_text("entry_points.txt") or ""
        except (OSError, ValueError) as error:
            _LOG.warning("entry points of a distribution cannot be read: %s", error)
            continue
        if ENTRY_POINT_GROUP not in text:
            continue
        name, version = _named(distribution)
        key = re.sub(r"[-_.]+", "-", name).lower()
        if key in seen:
            continue
        seen.add(key)
        try:
            ours = [each for each in distribution.entry_points if each.group == ENTRY_POINT_GROUP]
        except Exception as error:
            ours = []
            parameters = {"distribution": name, "version": version, "cause": type(error).__name__}
            yield PluginProblem("", name, version, "find", "distribution-unreadable", parameters)
        for entry_point in ours:
            if name and version:
                yield Found(entry_point, name, version)
            else:
                yield Found(entry_point, name, version).problem("find", "distribution-unnamed")


def _named(distribution: Distribution) -> tuple[str, str]:
    """Name and version, "" for what broken metadata does not state."""
    try:
        metadata = distribution.metadata
        return metadata["Name"] or "", metadata["Version"] or ""
    except Exception:
        return "", ""
