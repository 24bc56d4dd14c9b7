"""Comparisons that were asked for: what is compared, and the result once there is one, as frames to be read in parts.

A comparison is a folder under `tmp`, named by its run; the sweep removes it like anything else that is left there,
and it can be made again at any time. The result is moved into place as a whole, so it is there or not.
"""

import json
import shutil
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, BinaryIO, Final, Literal

import polars as pl

from closing_host.api.errors import ClosingError
from closing_host.storage.durable import unused_name
from closing_host.storage.faults import disk_faults

_PREFIX: Final = "comparison-"
_RESULT: Final = "result"

SideKind = Literal["import", "live", "file"]


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two. `import`: a stored one, by `snapshot`. `live`: what the source states when it is asked.
    `file`: one that was sent along, called `name`."""

    kind: SideKind
    snapshot: int | None = None
    name: str = ""


@dataclass(frozen=True, slots=True)
class Order:
    """What to compare: from `a`, the old one, to `b`. `a` None: the books of the year that `b`, a file, states."""

    engagement_id: int
    a: Side | None
    b: Side


class Comparisons:
    """The comparisons of a data folder; `folder` is its `tmp`. They are known by their run's id."""

    def __init__(self, folder: Path) -> None:
        self._folder: Final = folder

    def add(self, run_id: str, order: Order, file: BinaryIO | None = None) -> None:
        """Store what shall be compared, with the file that one side is. Raises `ClosingError` `disk-…`."""
        with disk_faults():
            aside = unused_name(self._folder)
            aside.mkdir(mode=0o700)
            (aside / "order.json").write_text(json.dumps(asdict(order)), "utf-8")
            if file is not None:
                with (aside / "file").open("xb") as target:
                    shutil.copyfileobj(file, target)
            aside.rename(self._path(run_id))

    def order(self, run_id: str) -> Order:
        """What was asked for. Raises `ClosingError` `comparison-unknown` when it is not kept any more."""
        try:
            stored = json.loads((self._path(run_id) / "order.json").read_text("utf-8"))
        except FileNotFoundError as error:
            raise ClosingError("comparison-unknown") from error
        return Order(stored["engagement_id"], Side(**stored["a"]) if stored["a"] else None, Side(**stored["b"]))

    def holds(self, run_id: str) -> bool:
        """Whether it is kept."""
        return (self._path(run_id) / "order.json").is_file()

    def file(self, run_id: str) -> Path:
        """Where the file lies that was sent along."""
        return self._path(run_id) / "file"

    def store(self, run_id: str, about: Mapping[str, Any], frames: Mapping[str, pl.DataFrame]) -> None:
        """Store the result; one that is there already is replaced. `about` is JSON. Raises `ClosingError` `disk-…`."""
        with disk_faults():
            aside = unused_name(self._path(run_id))
            aside.mkdir(mode=0o700)
            for name, frame in frames.items():
                frame.write_parquet(aside / f"{name}.parquet", compression="lz4")
            (aside / "about.json").write_text(json.dumps(dict(about)), "utf-8")
            shutil.rmtree(self._path(run_id) / _RESULT, ignore_errors=True)
            aside.rename(self._path(run_id) / _RESULT)

    def about(self, run_id: str) -> dict[str, Any] | None:
        """What `store` was told about the result; None before there is one."""
        try:
            stored: dict[str, Any] = json.loads((self._path(run_id) / _RESULT / "about.json").read_text("utf-8"))
        except FileNotFoundError:
            return None
        return stored

    def frame(self, run_id: str, name: str) -> pl.LazyFrame:
        """One frame of the result, read as far as the query needs."""
        return pl.scan_parquet(self._path(run_id) / _RESULT / f"{name}.parquet")

    def _path(self, run_id: str) -> Path:
        # A run's id is made of letters of ours; whatever else an address says names no folder.
        if not run_id.replace("-", "").isalnum() or not run_id.isascii():
            raise ClosingError("comparison-unknown")
        return self._folder / f"{_PREFIX}{run_id}"
