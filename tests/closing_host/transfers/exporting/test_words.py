"""Every state has words, in both languages, with the clock time of the next look."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from closing_host.locale import Words, english_by_code
from closing_host.storage.journal_records import BatchState, VoucherState
from closing_host.transfers.exporting.views import BatchView, VoucherView
from closing_host.transfers.exporting.words import batch_says, voucher_says

AT = datetime(2026, 2, 14, 9, 3, tzinfo=UTC)
VOUCHER = VoucherView(1, "V1", VoucherState.PREPARED, "I", "14", "I", "answer", "", {}, "", 1, AT, None, ("I 14",), ())
BATCH = BatchView(
    1,
    1,
    date(2025, 1, 1),
    date(2025, 12, 31),
    "books",
    BatchState.FROZEN,
    "anna",
    AT,
    "",
    {},
    "",
    None,
    None,
    (VOUCHER,),
)


@pytest.mark.parametrize("state", VoucherState)
@pytest.mark.parametrize("evidence", ["answer", "found"])
def test_every_state_of_a_voucher_has_words_without_open_places(state: VoucherState, evidence: str) -> None:
    reason = {"REJECTED": "export-stalled", "CONFLICT": "export-booked-twice"}.get(state, "")
    code, places = voucher_says(replace(VOUCHER, state=state, evidence=evidence, reason=reason), "Books")
    assert code in english_by_code("closing_host")
    for language in ("sv", "en"):
        assert "{" not in Words(language).message(code, places)


def test_an_unclear_voucher_names_the_clock_time_and_a_refused_one_its_reason() -> None:
    unclear = replace(VOUCHER, state=VoucherState.AMBIGUOUS)
    assert voucher_says(unclear, "Books")[1]["time"] == AT
    refused = replace(VOUCHER, state=VoucherState.REJECTED, reason="fortnox-x", parameters={"row": "2"})
    assert voucher_says(refused, "Books") == ("fortnox-x", {"source": "Books", "row": "2"})
    unsure = replace(VOUCHER, state=VoucherState.CONFLICT, reason="export-unsure")
    assert voucher_says(unsure, "Books")[0] == "export-voucher-unsure"


@pytest.mark.parametrize("state", BatchState)
@pytest.mark.parametrize("next_look", [None, AT])
@pytest.mark.parametrize("held_until", [None, AT])
def test_every_state_of_a_batch_has_words(
    state: BatchState, next_look: datetime | None, held_until: datetime | None
) -> None:
    view = replace(BATCH, state=state, next_look=next_look, held_until=held_until)
    code, places = batch_says(view, "Books")
    assert code in english_by_code("closing_host")
    assert (places["booked"], places["of"]) == (0, 1)
    assert "{" not in Words("sv").message(code, places)


@pytest.mark.parametrize(
    ("state", "next_look", "held_until", "due"),
    [
        (BatchState.FROZEN, AT, None, True),
        (BatchState.WAITING, AT, None, True),
        (BatchState.WAITING, AT.replace(minute=4), None, False),
        (BatchState.RUNNING, None, AT, True),
        (BatchState.RUNNING, None, AT.replace(minute=4), False),
        (BatchState.RUNNING, None, AT.replace(hour=20), True),  # the clock was set back
        (BatchState.COMPLETED, None, None, False),
        (BatchState.COMPLETED, AT, None, True),
    ],
)
def test_what_is_due(state: BatchState, next_look: datetime | None, held_until: datetime | None, due: bool) -> None:
    assert replace(BATCH, state=state, next_look=next_look, held_until=held_until).due(AT) is due
