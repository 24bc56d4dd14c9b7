from datetime import date

import pytest

from closing_host.api.errors import ClosingError
from closing_host.storage.audit import Action, events
from closing_host.storage.engagements import Engagement, EngagementRecords, Engagements
from stored_books import ANNA, World


def create(world: World, name: str, number: str | None = None) -> Engagement:
    with world.store.database.write() as connection:
        return Engagements(connection).create(
            world.store.trail(connection, ANNA),
            name=name,
            organisation_number=number,
            form="AB",
            source_id="sie4",
            settings={"series": "A"},
        )


def test_an_engagement_comes_back_as_it_was_made(world: World) -> None:
    made = create(world, "Öhman AB", "5560001234")
    with world.store.database.read() as connection:
        assert Engagements(connection).get(made.id) == made
        event = events(connection)[0]
    assert (made.name, made.form, made.settings) == ("Öhman AB", "AB", {"series": "A"})
    assert (made.created_at, made.created_by) == (world.clock(), "anna")
    assert (event.action, event.engagement_id) == (Action.ENGAGEMENT_CREATED, made.id)
    assert "Öhman" not in event.details_json, "the trail holds identifiers, not texts"


def test_engagements_are_listed_by_name_and_found_by_number(world: World) -> None:
    second = create(world, "B", "5560001234")
    third = create(world, "A", "5560001234")
    with world.store.database.read() as connection:
        assert [each.name for each in Engagements(connection).all()] == ["A", "B", "Exempel AB"]
        assert Engagements(connection).by_organisation_number("5560001234") == (second, third)
        assert Engagements(connection).by_organisation_number("5560009999") == ()


def test_an_unknown_engagement_is_said_so(world: World) -> None:
    with world.store.database.read() as connection, pytest.raises(ClosingError, match="engagement-unknown"):
        Engagements(connection).get(77)


def test_changes_are_stored_and_told_for_this_engagement_only(world: World) -> None:
    other = create(world, "Other")
    with world.store.database.write() as connection:
        trail = world.store.trail(connection, ANNA)
        records = EngagementRecords(connection, 1)
        records.rename(trail, "Nytt namn AB")
        records.set_settings(trail, {"a": 1})
        records.set_organisation_number(trail, "5560004615")
    with world.store.database.read() as connection:
        changed = Engagements(connection).get(1)
        assert Engagements(connection).get(other.id) == other
        actions = [event.action for event in events(connection, engagement_id=1)]
        renamed = events(connection, engagement_id=1)[2]
    assert (changed.name, changed.settings, changed.organisation_number) == ("Nytt namn AB", {"a": 1}, "5560004615")
    assert actions[:3] == [Action.ENGAGEMENT_IDENTIFIED, Action.ENGAGEMENT_SETTINGS, Action.ENGAGEMENT_RENAMED]
    assert renamed.before_hash != renamed.after_hash


def test_a_year_is_added_once(world: World) -> None:
    with world.store.database.write() as connection:
        trail = world.store.trail(connection, ANNA)
        records = EngagementRecords(connection, 1)
        first = records.add_year(trail, date(2023, 7, 1), date(2024, 12, 31))
        assert records.add_year(trail, date(2023, 7, 1), date(2024, 12, 31)) == first
        records.add_year(trail, date(2025, 1, 1), date(2025, 12, 31))
        assert [year.year_start.year for year in records.years()] == [2025, 2023]
        assert records.year(date(2023, 7, 1)) == first
        assert records.year(date(2022, 1, 1)) is None
        assert [event.action for event in events(connection)[:3]].count(Action.YEAR_ADDED) == 2
        assert EngagementRecords(connection, 2).years() == ()
