"""What an author states in a test class: the base of all parts of the kit."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, ClassVar

import pytest

from closing_host.sources.facade import DataSource
from closing_host.testing.bench import Bench, open_bench
from closing_host.testing.cases import Case, Imported, cases, clean
from closing_host.testing.loading import load_source
from closing_host.testing.rules import ContractBroken, rules_of
from closing_host.testing.server import FakeServer
from closing_host.testing.statements import Sample


class Author:
    """The class attributes that an author fills in; `DataSourceTests` explains them."""

    source: ClassVar[object] = None
    server: ClassVar[type[FakeServer] | None] = None
    samples: ClassVar[tuple[Sample, ...]] = ()
    installation: ClassVar[Mapping[str, Any]] = {}
    engagement: ClassVar[Mapping[str, Any]] = {}
    exempt: ClassVar[Mapping[str, str]] = {}

    _loaded: ClassVar[DataSource | ContractBroken | None] = None

    def __init_subclass__(cls, **options: Any) -> None:
        super().__init_subclass__(**options)
        cls._loaded = None
        known = rules_of(cls)
        for name, reason in cls.exempt.items():
            if name not in known:
                raise TypeError(f"{cls.__name__}.exempt names {name!r}, and the kit has no test of that name")
            if not reason.strip():
                raise TypeError(f"{cls.__name__}.exempt gives no reason for {name}: say why it cannot hold")

    @classmethod
    def loaded(cls) -> DataSource:
        """The source, loaded once for each class. Raises `ContractBroken` with the host's words when it cannot be."""
        if cls._loaded is None:
            try:
                cls._loaded = load_source(cls.source)
            except ContractBroken as refused:
                cls._loaded = refused
        if isinstance(cls._loaded, ContractBroken):
            raise cls._loaded
        return cls._loaded

    @classmethod
    @contextmanager
    def open(cls, folder: Path) -> Iterator[Bench]:
        """The world of one test."""
        with open_bench(
            cls.loaded(), folder, server=cls.server, installation=cls.installation, engagement=cls.engagement
        ) as bench:
            yield bench

    @pytest.fixture
    def bench(self, tmp_path: Path) -> Iterator[Bench]:
        """The source on the host's facade and wire, with a new fake server and a clock that stands."""
        with self.open(tmp_path) as bench:
            yield bench

    def imports(self, bench: Bench) -> list[tuple[Case, Imported]]:
        """Every import of this class, made without any fault."""
        return clean(type(self), self.samples, bench)

    def cases(self, bench: Bench) -> list[Case]:
        """Every import of this class, to be made."""
        return cases(self.samples, bench)

    def write_file(self, vouchers: int) -> bytes:
        """A file source's author overrides this: a file of one year with so many small vouchers (0, or 20,000)."""
        raise NotImplementedError
