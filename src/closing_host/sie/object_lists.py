"""Object lists read once per distinct text: a year's rows have a few hundred of them (SIE 7)."""

from threading import Lock

import polars as pl

from closing_host.api.ledger import OBJECTS
from closing_host.sie.records import paired
from closing_host.sie.tokens import parse_list


class ObjectLists:
    """What stands between the braces of a file's object lists, and what it means. Threads may share it."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._places: dict[str, int] = {}
        self._lists = pl.Series("objects", [], dtype=OBJECTS)
        self._sound = pl.Series("sound", [], dtype=pl.Boolean)

    def read(self, parsed: pl.DataFrame) -> pl.DataFrame:
        """`parsed` with `objects` turned from texts into lists; `fine` becomes false where the strict reading finds a
        fault in the list. A null text gives a null list."""
        texts = parsed["objects"]
        # Fresh categories are numbered as they are met.
        codes = texts.cast(pl.Categorical(pl.Categories.random())).to_physical()
        met = texts.drop_nulls().unique(maintain_order=True).to_list()
        with self._lock:
            self._learn([text for text in met if text not in self._places])
        places = pl.Series([self._places[text] for text in met], dtype=pl.UInt32).gather(codes)
        return parsed.with_columns(self._lists.gather(places), pl.col("fine") & self._sound.gather(places))

    def _learn(self, texts: list[str]) -> None:
        if not texts:
            return
        self._places |= {text: len(self._places) + place for place, text in enumerate(texts)}
        places: list[int] = []
        members: list[dict[str, object]] = []
        sound: list[bool] = []
        for place, text in enumerate(texts):
            fields, faults = parse_list(text)
            pairs, unpaired = paired(fields)
            sound.append(not faults and not unpaired)
            members += pairs
            places += [place] * len(pairs)
        # Built from flat columns: ten times as fast as from lists of dicts.
        flat = pl.DataFrame(
            {"place": pl.Series(places, dtype=pl.Int64), "member": pl.Series(members, dtype=OBJECTS.inner)}
        )
        lists = (
            pl.DataFrame({"place": pl.int_range(len(texts), eager=True)})
            .join(
                flat.group_by("place", maintain_order=True).agg("member"), on="place", how="left", maintain_order="left"
            )
            .get_column("member")
            .fill_null(pl.Series([[]], dtype=OBJECTS))
        )
        self._lists = pl.concat([self._lists, lists.alias("objects")])
        self._sound = pl.concat([self._sound, pl.Series("sound", sound)])
