from collections.abc import Iterator
from pathlib import Path

import pytest

from closing_host.api.errors import DataError
from closing_host.engagements.host import Host
from closing_host.engagements.register import find_engagement, new_engagement, overviews
from closing_host.storage.audit import Actor, events


@pytest.fixture
def host(tmp_path: Path) -> Iterator[Host]:
    with Host.open(tmp_path / "data", Actor("asa")) as opened:
        yield opened


def test_an_engagement_is_opened_and_audited_in_the_users_name(host: Host) -> None:
    made = new_engagement(host, "  Åkes Bageri AB ", organisation_number="16556677-8899", form="AB")
    assert (made.name, made.organisation_number, made.form) == ("Åkes Bageri AB", "5566778899", "AB")
    with host.store.database.read() as connection:
        newest = events(connection)[0]
    assert (newest.action, newest.actor, newest.engagement_id) == ("engagement.created", "asa", made.id)


@pytest.mark.parametrize("number", ["556677-8898", "12345", "556677-88990"])
def test_a_number_that_is_no_organisation_number_is_refused(host: Host, number: str) -> None:
    with pytest.raises(DataError) as refused:
        new_engagement(host, "Åkes", organisation_number=number)
    assert refused.value.code.startswith("organisation-number-")
    assert overviews(host) == ()


def test_a_company_has_one_engagement(host: Host) -> None:
    new_engagement(host, "Åkes", organisation_number="556677-8899")
    with pytest.raises(DataError) as refused:
        new_engagement(host, "Åkes igen", organisation_number="5566778899")
    assert refused.value.code == "engagement-exists"


def test_an_engagement_needs_a_name(host: Host) -> None:
    with pytest.raises(DataError) as refused:
        new_engagement(host, "  ")
    assert refused.value.code == "engagement-nameless"


def test_the_number_of_an_engagement_goes_before_a_name_that_begins_with_it(host: Host) -> None:
    first = new_engagement(host, "Första")
    new_engagement(host, f"{first.id} Andra")
    assert find_engagement(host, str(first.id)).id == first.id
