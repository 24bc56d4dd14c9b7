"""The 30 days to the second, in UTC (P 7.7, A9)."""

from datetime import UTC, datetime, timedelta, timezone

import pytest

from closing_host.transfers.thirty_days import ConnectionState, Lifecycle, days_left, state, valid_until, warning

CONSENT = datetime(2026, 3, 10, 12, 0, tzinfo=UTC)
END = CONSENT + timedelta(days=30)
SECOND = timedelta(seconds=1)
DAY = timedelta(days=1)


@pytest.mark.parametrize(
    ("left", "expected", "days", "warned"),
    [
        (30 * DAY, "connected", 30, None),
        (14 * DAY + SECOND, "connected", 15, None),
        (14 * DAY, "connected", 14, 14),
        (7 * DAY + SECOND, "connected", 8, 14),
        (7 * DAY, "expires-soon", 7, 7),
        (3 * DAY + SECOND, "expires-soon", 4, 7),
        (3 * DAY, "expires-soon", 3, 3),
        (DAY, "expires-soon", 1, 3),
        (SECOND, "expires-soon", 1, 3),
        (0 * DAY, "expired", 0, None),
        (-SECOND, "expired", 0, None),
    ],
)
def test_what_is_left_decides(left: timedelta, expected: str, days: int, warned: int | None) -> None:
    life = Lifecycle(consented_at=CONSENT)
    assert (state(life, END - left), days_left(life, END - left), warning(life, END - left)) == (expected, days, warned)


def test_thirty_days_are_720_hours_whatever_the_clocks_on_the_wall_do() -> None:
    summer = timezone(timedelta(hours=2))
    asked = datetime(2026, 4, 9, 13, 59, 59, tzinfo=summer)  # daylight saving began on the way
    assert valid_until(Lifecycle(consented_at=CONSENT)) == datetime(2026, 4, 9, 12, 0, tzinfo=UTC)
    assert state(Lifecycle(consented_at=CONSENT), asked) == "expires-soon"
    assert state(Lifecycle(consented_at=CONSENT), asked + SECOND) == "expired"


def test_the_later_of_consent_and_use_counts() -> None:
    used = Lifecycle(consented_at=CONSENT, used_at=CONSENT + 10 * DAY)
    again = Lifecycle(consented_at=CONSENT + 20 * DAY, used_at=CONSENT + 10 * DAY)
    assert valid_until(used) == CONSENT + 40 * DAY
    assert valid_until(again) == CONSENT + 50 * DAY


@pytest.mark.parametrize(
    ("life", "expected"),
    [
        (Lifecycle(), "not-connected"),
        (Lifecycle(asked_at=CONSENT), "awaiting-consent"),
        (Lifecycle(CONSENT, lost=True), "revoked"),
        (Lifecycle(CONSENT, ended_at=CONSENT), "disconnected"),
        (Lifecycle(CONSENT, ended_at=CONSENT, lost=True), "disconnected"),
        (Lifecycle(CONSENT, ended_at=CONSENT, asked_at=CONSENT), "awaiting-consent"),
        (Lifecycle(CONSENT, lost=True, asked_at=CONSENT), "awaiting-consent"),
        (Lifecycle(CONSENT, asked_at=CONSENT), "connected"),
    ],
)
def test_each_state_has_its_cause(life: Lifecycle, expected: ConnectionState) -> None:
    assert state(life, CONSENT + timedelta(minutes=9)) == expected


def test_a_login_that_nobody_answers_is_forgotten_after_ten_minutes() -> None:
    assert state(Lifecycle(asked_at=CONSENT), CONSENT + timedelta(minutes=10)) == "not-connected"


def test_a_lost_connection_has_no_days_left_and_no_warning() -> None:
    lost = Lifecycle(CONSENT, lost=True)
    assert (days_left(lost, END - DAY), warning(lost, END - DAY), valid_until(Lifecycle())) == (0, None, None)
