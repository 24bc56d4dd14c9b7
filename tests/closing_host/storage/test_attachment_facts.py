from datetime import date

import pytest

from closing_host.api.errors import ClosingError
from closing_host.storage.attachment_facts import HEAD, put_facts, read_facts
from stored_attachments import customers, suppliers
from stored_books import World


def test_facts_are_blobs_and_come_back(world: World) -> None:
    for facts, tables in ((customers(100, 250, paid=(2,)), {"documents", "payments"}), (suppliers(70, 80), {"items"})):
        names = put_facts(world.store.blobs, facts)
        assert set(names) == {HEAD, *tables}
        assert all(world.store.blobs.exists(sha) for sha in names.values())
        assert read_facts(world.store.blobs, names) == facts


def test_equal_facts_have_equal_names_and_another_day_of_asking_shares_the_tables(world: World) -> None:
    first = put_facts(world.store.blobs, customers(100))
    assert put_facts(world.store.blobs, customers(100)) == first
    later = put_facts(world.store.blobs, customers(100, through=date(2025, 3, 1)))
    assert {name for name in first if first[name] != later[name]} == {HEAD}


@pytest.mark.parametrize("name", [HEAD, "documents", "payments"])
def test_a_changed_or_lost_blob_is_never_read(world: World, name: str) -> None:
    names = put_facts(world.store.blobs, customers(100, paid=(1,)))
    path = world.store.blobs.path(names[name])
    path.write_bytes(path.read_bytes() + b" ")
    with pytest.raises(ClosingError, match="blob-damaged"):
        read_facts(world.store.blobs, names)
    path.unlink()
    with pytest.raises(ClosingError, match="blob-missing"):
        read_facts(world.store.blobs, names)
