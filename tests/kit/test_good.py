"""The two sources that the broken ones are made of keep the contract."""

from typing import ClassVar

import pytest

from closing_host.testing import DataSourceTests, Sample, faulty_imports
from kit.good_api import GoodApi
from kit.good_file import FACTS, SAMPLE, GoodFile, many
from kit.good_server import CLIENT_ID, CLIENT_SECRET, GoodServer


@pytest.fixture(autouse=True)
def _fewer(monkeypatch: pytest.MonkeyPatch) -> None:
    """The built-in sources show that a large year fits."""
    monkeypatch.setattr(faulty_imports, "MANY", 2_000)


class TestGoodApi(DataSourceTests):
    source = GoodApi()
    server = GoodServer
    installation: ClassVar = {"client_id": CLIENT_ID, "client_secret": CLIENT_SECRET}


class TestGoodFile(DataSourceTests):
    source = GoodFile()
    samples = (Sample(SAMPLE, **FACTS),)

    def write_file(self, vouchers: int) -> bytes:
        return many(vouchers)
