from collections.abc import Iterator

import pytest

from small_sie import sie, voucher
from web_house import Served, Visitor, served


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """Served pages of a folder with one engagement, number 1, that has books of 2025."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("CLOSING_KEY_FILE", str(tmp_path_factory.mktemp("key") / "key"))
        with served(tmp_path_factory.mktemp("pages") / "data") as made:
            visitor = made.visitor()
            visitor.accept(visitor.drop(("books.se", sie(voucher(1)))))
            yield made


@pytest.fixture(scope="module")
def asa(pages: Served) -> Visitor:
    return pages.visitor()
