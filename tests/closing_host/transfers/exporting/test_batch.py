"""One batch from approval to rest, with every way in which it can go wrong (T 3a, P 7.6.4)."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from closing_host.api.context import ExportRequest
from closing_host.api.errors import ClosingError, Expired, PluginFault, SourceUnavailable
from closing_host.api.source import SourceInfo
from closing_host.api.vouchers import Booked, DraftRow, NotApplied, Rejected, VoucherRecord
from closing_host.closing.entries import ClosingEntry, Status
from closing_host.sources.registry import Registry
from closing_host.storage.audit import Action, verify_chain
from closing_host.storage.crashpoints import crash_handler
from closing_host.transfers.exporting.views import BatchView
from export_firm import YEAR, Firm, answers, books, books_and_raises, raises
from fake_books import OTHER, loaded

LOST = SourceUnavailable("source-silent")
LOCKED = Rejected("fortnox-period-locked", "Books 2000401: låst", {"date": "2025-12-31"})


def statuses(firm: Firm, *entries: ClosingEntry) -> list[str]:
    return [str(firm.entry(each).status) for each in entries]


# --- the good day


def test_vouchers_are_booked_in_order_and_the_entries_say_where(firm: Firm) -> None:
    s, v, early = firm.add(kind="S"), firm.add(), firm.add(day=1)
    view = firm.export()
    assert (view.state, view.booked, view.next_look, view.held_until) == ("COMPLETED", 3, None, None)
    places = [(each.label, each.booked_series, each.number) for each in view.vouchers]
    assert places == [("V2", "I", "1"), ("V1", "I", "2"), ("S1", "I", "3")]
    assert [each.voucher.text for each in firm.ledger.sent] == [
        f"{label} Upplupna löner" for label in ("V2", "V1", "S1")
    ]
    for entry in (s, v, early):
        now = firm.entry(entry)
        assert now.status is Status.TRANSFERRED
        assert now.transferred is not None
        assert (now.transferred.evidence, now.transferred.by) == ("answer", "anna")


def test_v_and_s_may_go_into_series_of_their_own(firm: Firm) -> None:
    firm.add(), firm.add(kind="S")
    view = firm.export(series_s="A")
    assert [(each.label, each.series, each.number) for each in view.vouchers] == [("V1", "I", "1"), ("S1", "A", "1")]


def test_the_year_is_named_in_every_sending(firm: Firm) -> None:
    firm.add()
    firm.export()
    assert [each.year.id for each in firm.ledger.sent] == ["7"]


def test_each_change_is_audited_and_the_chain_holds(firm: Firm) -> None:
    firm.add()
    firm.export()
    told = [each for each in firm.told() if each.startswith(("export", "connection.used"))]
    assert told == [
        "export.approved",
        "export.taken",
        "export.sending",
        "export.booked",
        "connection.used",
        "export.ended",
        "export.swept",
    ]
    with firm.host.store.database.read() as connection:
        assert verify_chain(connection).broken is None


def test_no_text_of_the_books_is_audited(firm: Firm) -> None:
    firm.add(text="Kanariefågel")
    firm.export()
    with firm.host.store.database.read() as connection:
        from closing_host.storage.audit import events

        assert all("Kanarie" not in each.details_json for each in events(connection, limit=1000))


def test_one_booked_voucher_renews_the_30_days_and_none_does_not(firm: Firm) -> None:
    firm.clock.advance(timedelta(days=20))
    firm.add()
    firm.ledger.script = [answers(LOCKED)]
    firm.export()
    assert firm.host.connections.view(1).days_left == 10
    firm.export()
    assert firm.host.connections.view(1).days_left == 30


# --- written before it is sent


def test_no_bytes_before_sending_commit(firm: Firm) -> None:
    entry = firm.add()
    other = firm.another()
    seen = []

    def look(_: object) -> None:
        _, (voucher,) = other.journal()
        seen.append((voucher.state, voucher.attempts, other.entry(entry).status))

    firm.ledger.before = look
    firm.export()
    other.host.store.close()
    assert seen == [("SENDING", 1, Status.SENDING)]


# --- the answer is lost (B1, B5, B6)


@pytest.mark.parametrize(
    "error",
    [LOST, PluginFault(), RuntimeError("bug"), SystemExit(1), TimeoutError(), KeyboardInterrupt(), ValueError("JSON")],
    ids=lambda error: type(error).__name__,
)
def test_whatever_is_raised_is_an_unknown_outcome_and_never_sent_again_before_a_look(
    firm: Firm, error: BaseException
) -> None:
    entry = firm.add()
    firm.ledger.script = [books_and_raises(error)]
    view = firm.export()
    assert view.state == "WAITING"
    assert view.vouchers[0].state == "AMBIGUOUS"
    assert view.next_look == view.vouchers[0].next_look == firm.clock() + timedelta(seconds=180)
    assert firm.entry(entry).status is Status.UNKNOWN
    looks = len(firm.ledger.found)
    assert [each.state for each in firm.later(seconds=179)] == ["WAITING"]
    assert len(firm.ledger.found) == looks
    (view,) = firm.later(seconds=1)
    assert view.state == "COMPLETED"
    assert (view.vouchers[0].evidence, view.vouchers[0].number) == ("found", "1")
    assert firm.entry(entry).status is Status.TRANSFERRED
    assert firm.numbers == ["I 1"]


def test_what_is_proven_absent_is_sent_again(firm: Firm) -> None:
    entry = firm.add()
    firm.ledger.script = [raises(LOST)]
    firm.export()
    (view,) = firm.later(minutes=3)
    assert view.state == "COMPLETED"
    assert view.vouchers[0].attempts == 2
    assert firm.entry(entry).status is Status.TRANSFERRED
    assert firm.numbers == ["I 1"]
    looks = [each for each in firm.ledger.found if each.above is not None]
    assert len(looks) == 3  # twice for the absence, once at the end


def test_timeout_then_late_commit_within_wait_is_single(firm: Firm) -> None:
    firm.add()

    def late(ledger: object, request: ExportRequest) -> Booked:
        firm.ledger.late.append((firm.clock() + timedelta(seconds=170), request))
        raise LOST

    firm.ledger.script = [late]
    firm.export()
    (view,) = firm.later(minutes=3)
    assert view.state == "COMPLETED"
    assert firm.numbers == ["I 1"]
    assert len(firm.ledger.sent) == 1


def test_the_rest_waits_for_an_unknown_outcome_and_goes_on_after_it(firm: Firm) -> None:
    entries = [firm.add(amount) for amount in (100, 200, 300)]
    firm.ledger.script = [books, books_and_raises(LOST)]
    view = firm.export()
    assert [each.state for each in view.vouchers] == ["CONFIRMED", "AMBIGUOUS", "PREPARED"]
    assert statuses(firm, *entries) == ["transferred", "unknown", "ready"]
    (view,) = firm.later(minutes=3)
    assert view.state == "COMPLETED"
    assert firm.numbers == ["I 1", "I 2", "I 3"]


def test_a_hook_that_hangs_is_broken_off_at_the_deadline(firm: Firm, monkeypatch: pytest.MonkeyPatch) -> None:
    from closing_host.transfers.exporting import sending

    monkeypatch.setattr(sending, "CLIENT_DEADLINE", timedelta(seconds=0.02))
    firm.add()

    async def hang(ledger: object, request: ExportRequest) -> None:
        await asyncio.sleep(30)

    firm.ledger.script = [hang]
    view = firm.export()
    assert (view.vouchers[0].state, view.vouchers[0].reason) == ("AMBIGUOUS", "export-no-answer")


def test_a_cancelled_export_leaves_an_unknown_outcome_and_the_rest_unsent(firm: Firm) -> None:
    firm.add(100), firm.add(200)
    under_way: list[asyncio.Task[BatchView]] = []

    async def stop(ledger: object, request: ExportRequest) -> None:
        under_way[0].cancel()
        await asyncio.sleep(1)

    firm.ledger.script = [stop]

    async def run() -> None:
        under_way.append(asyncio.create_task(firm.exported()))
        with pytest.raises(asyncio.CancelledError):
            await under_way[0]

    asyncio.run(run())
    view = firm.status()
    assert (view.state, view.held_until) == ("WAITING", None)
    assert [(each.state, each.reason) for each in view.vouchers] == [
        ("AMBIGUOUS", "export-broken-off"),
        ("PREPARED", ""),
    ]


def test_an_export_that_is_cancelled_between_two_vouchers_stops_and_frees_the_rest(firm: Firm) -> None:
    first, second = firm.add(100), firm.add(200)

    def watch(stage: str, done: int, total: int | None) -> None:
        if done == 1:
            raise asyncio.CancelledError

    with pytest.raises(asyncio.CancelledError):
        firm.export(watch=watch)
    view = firm.status()
    assert (view.state, view.reason, view.held_until) == ("STOPPED", "export-broken-off", None)
    assert statuses(firm, first, second) == ["transferred", "ready"]
    assert [each.state for each in firm.later(minutes=2)] == ["STOPPED"]  # and the final look is made then
    assert firm.status().next_look is None


# --- refused, or not applied (B7, B11-B13)


@pytest.mark.parametrize("k", [1, 2, 3])
def test_period_locked_before_voucher_k(firm: Firm, k: int) -> None:
    entries = [firm.add(100 * number) for number in (1, 2, 3)]
    firm.ledger.script = [*[books] * (k - 1), answers(LOCKED)]
    view = firm.export()
    assert (view.state, view.booked, view.reason) == ("STOPPED", k - 1, LOCKED.code)
    refused = view.vouchers[k - 1]
    assert (refused.state, refused.reason, refused.detail) == ("REJECTED", LOCKED.code, LOCKED.detail)
    assert refused.parameters == {"date": "2025-12-31"}
    assert [each.state for each in view.vouchers[k:]] == ["NOT_SENT"] * (3 - k)
    assert statuses(firm, *entries) == ["transferred"] * (k - 1) + ["failed"] + ["ready"] * (3 - k)
    assert len(firm.ledger.vouchers) == k - 1
    assert {each.date.isoformat() for each in firm.ledger.vouchers} <= {"2025-12-31"}
    view = firm.export()
    assert (view.state, len(firm.ledger.vouchers)) == ("COMPLETED", 3)


def test_what_was_not_applied_is_sent_again_and_no_more_than_three_times(firm: Firm) -> None:
    entry = firm.add()
    firm.ledger.script = [answers(NotApplied("source-unreachable"))] * 2
    assert firm.export().state == "COMPLETED"
    assert (firm.numbers, len(firm.ledger.sent)) == (["I 1"], 3)
    entry = firm.add()
    firm.ledger.script = [answers(NotApplied("source-unreachable", "refused"))] * 3
    view = firm.export()
    assert (view.state, view.reason, view.detail) == ("STOPPED", "source-unreachable", "refused")
    assert (view.vouchers[0].state, view.vouchers[0].attempts) == ("NOT_SENT", 3)
    assert firm.entry(entry).status is Status.READY


def test_a_long_pause_is_not_waited_out(firm: Firm) -> None:
    firm.add()
    firm.ledger.script = [answers(NotApplied("too-many", retry_after=45))]
    view = firm.export()
    assert (view.state, view.reason) == ("WAITING", "too-many")
    assert view.next_look == firm.clock() + timedelta(seconds=45)
    (view,) = firm.later(seconds=45)
    assert view.state == "COMPLETED"


def test_a_refusal_with_a_parameter_named_like_our_own_is_told(firm: Firm) -> None:
    firm.add()
    firm.ledger.script = [answers(Rejected("odd", "their words", {"detail": "x", "row": 2}))]
    view = firm.export()
    assert (view.reason, view.detail, view.parameters) == ("odd", "their words", {"row": "2"})


# --- the source states another voucher (B8)


def crossed(ledger: object, request: ExportRequest) -> Booked:
    """The answer to somebody else's request."""
    own = request.voucher
    return Booked(VoucherRecord("I", "9", YEAR, own.date, "x", own.rows, "BK" + "A" * 16))


def test_an_answer_about_another_voucher_is_looked_up_and_a_person_decides_when_it_is_not_there(firm: Firm) -> None:
    entry = firm.add()
    firm.ledger.script = [crossed]
    view = firm.export()
    assert (view.vouchers[0].state, view.vouchers[0].reason) == ("AMBIGUOUS", "export-other-voucher")
    (view,) = firm.later(minutes=3)
    assert (view.state, view.vouchers[0].state) == ("NEEDS_HUMAN", "CONFLICT")
    assert firm.entry(entry).status is Status.DOUBLE
    assert firm.numbers == []


def test_an_answer_about_another_voucher_is_forgotten_when_ours_is_found(firm: Firm) -> None:
    def book_and_cross(ledger: object, request: ExportRequest) -> Booked:
        firm.ledger.book(request)
        return crossed(ledger, request)

    firm.add()
    firm.ledger.script = [book_and_cross]
    firm.export()
    (view,) = firm.later(minutes=3)
    assert (view.state, firm.numbers) == ("COMPLETED", ["I 1"])


def test_a_voucher_that_the_source_booked_otherwise_is_booked_with_its_difference(firm: Firm) -> None:
    entry = firm.add(100_00)
    rows = (DraftRow("7010", 110_00), DraftRow("2910", -110_00))
    firm.ledger.script = [lambda ledger, request: Booked(ledger.book(request, rows=rows))]
    firm.export()
    (view,) = firm.later(minutes=3)
    assert (view.state, view.vouchers[0].state) == ("COMPLETED", "CONFIRMED_MODIFIED")
    assert view.vouchers[0].difference == {
        "missing": [["2910", -10000, []], ["7010", 10000, []]],
        "added": [["2910", -11000, []], ["7010", 11000, []]],
    }
    booked = firm.entry(entry)
    assert booked.status is Status.TRANSFERRED
    assert booked.transferred is not None
    assert booked.transferred.changed


# --- who may work on it (B9, B10)


def test_two_exporters_one_batch(firm: Firm) -> None:
    firm.add(100), firm.add(200)
    other = firm.another()

    async def both() -> list[object]:
        return list(
            await asyncio.gather(
                *(each.exported(f"a{number}") for number, each in enumerate([firm, other] * 5)), return_exceptions=True
            )
        )

    answers_ = asyncio.run(both())
    other.host.store.close()
    views = [each for each in answers_ if not isinstance(each, BaseException)]
    errors = {each.code for each in answers_ if isinstance(each, ClosingError)}
    assert len({each.id for each in views}) == 1  # type: ignore[attr-defined]
    assert errors <= {"export-active", "export-nothing", "export-entry-changed"}
    assert len(views) + sum(isinstance(each, ClosingError) for each in answers_) == 10
    assert firm.numbers == ["I 1", "I 2"]


def test_the_same_approval_is_the_same_batch(firm: Firm) -> None:
    firm.add()
    other = firm.another()

    async def both() -> list[object]:
        return list(await asyncio.gather(firm.exported("click"), other.exported("click"), firm.exported("click")))

    views = asyncio.run(both())
    other.host.store.close()
    assert len({each.id for each in views}) == 1  # type: ignore[attr-defined]
    assert firm.export("click").state == "COMPLETED"
    assert firm.numbers == ["I 1"]


def test_another_approval_is_refused_while_a_batch_waits(firm: Firm) -> None:
    firm.add()
    firm.ledger.script = [raises(LOST)]
    firm.export()
    firm.add()
    with pytest.raises(ClosingError) as refused:
        firm.export()
    assert (refused.value.code, refused.value.parameters["by"]) == ("export-active", "anna")


# --- the approved company and nothing else (B24, B25)


def test_nothing_is_sent_when_the_login_reaches_another_company(firm: Firm) -> None:
    firm.add()
    firm.ledger.account = OTHER
    with pytest.raises(ClosingError) as refused:
        firm.export()
    assert refused.value.code == "company-differs"
    assert (firm.ledger.sent, firm.ledger.found) == ([], [])


@pytest.mark.parametrize("k", [1, 2])
def test_a_batch_stops_when_the_company_is_another_before_voucher_k(firm: Firm, k: int) -> None:
    from sqlalchemy import update

    from closing_host.storage.connection_tables import connection as table

    def rebind(_: object) -> None:
        if len(firm.ledger.sent) == k - 1:
            with firm.host.store.database.write() as connection:
                connection.execute(update(table).values(account_id=OTHER.id))

    for amount in (100, 200, 300):
        firm.add(amount)
    firm.ledger.before = rebind
    view = firm.export()
    assert (view.state, view.reason, view.booked) == ("STOPPED", "export-other-company", k)
    assert len(firm.ledger.sent) == k


def test_an_unknown_outcome_is_never_asked_of_another_source(firm: Firm) -> None:
    firm.add()
    firm.ledger.script = [books_and_raises(LOST)]
    firm.export()
    from closing_host.storage.engagements import EngagementRecords

    with firm.host.store.database.write() as connection:
        EngagementRecords(connection, 1).set_settings(firm.trail(connection), {})
        EngagementRecords(connection, 1).set_organisation_number(firm.trail(connection), "5560360793")
    looks = len(firm.ledger.found)
    (view,) = firm.later(minutes=3)
    assert (view.state, view.vouchers[0].state, view.reason) == ("WAITING", "AMBIGUOUS", "company-differs")
    assert len(firm.ledger.found) == looks


def test_a_connection_that_runs_out_keeps_an_unknown_outcome_until_it_is_revived(firm: Firm) -> None:
    entry = firm.add()
    firm.ledger.script = [books_and_raises(LOST)]
    firm.export()
    (view,) = firm.later(days=31)
    assert (view.state, view.reason) == ("WAITING", "connection-expired")
    assert firm.entry(entry).status is Status.UNKNOWN
    firm.add()
    with pytest.raises(Expired) as over:
        firm.export()
    assert over.value.code == "export-connection-over"


def test_a_batch_that_cannot_reach_its_source_stops_while_nothing_is_on_the_way(
    firm: Firm, monkeypatch: pytest.MonkeyPatch
) -> None:
    entry = firm.add()
    firm.ledger.script = [answers(NotApplied("too-many", retry_after=600))]
    firm.export()
    firm.clock.advance(timedelta(days=31))
    (view,) = firm.resume()
    assert (view.state, view.reason) == ("STOPPED", "connection-expired")
    assert firm.entry(entry).status is Status.READY


def test_a_source_that_is_down_is_asked_again_later_and_later(firm: Firm) -> None:
    firm.add()
    firm.ledger.looks = [LOST] * 3
    view = firm.export()
    assert (view.state, view.reason) == ("WAITING", "source-silent")
    waits = []
    while view.state == "WAITING":
        assert view.next_look is not None
        waits.append((view.next_look - firm.clock()).total_seconds())
        (view,) = firm.later(seconds=waits[-1])
    assert (waits, view.state) == ([60, 120, 240], "COMPLETED")


def test_a_look_that_cannot_be_made_for_good_stops_the_batch(firm: Firm) -> None:
    entry = firm.add()
    firm.ledger.looks = [RuntimeError("bug")]
    view = firm.export()
    assert (view.state, view.reason) == ("STOPPED", "plugin-fault")
    assert firm.ledger.sent == []
    assert firm.entry(entry).status is Status.READY


def test_a_first_look_at_pages_that_move_sends_nothing(firm: Firm) -> None:
    firm.add()
    firm.ledger.complete = False
    view = firm.export()
    assert (view.state, view.reason, firm.ledger.sent) == ("WAITING", "export-look-incomplete", [])
    firm.ledger.complete = True
    assert firm.later(minutes=1)[0].state == "COMPLETED"


def test_an_import_that_begins_before_the_approval_is_stored_refuses_it(firm: Firm) -> None:
    from closing_host.engagements.importing import lock_key
    from closing_host.storage.runs import Runs

    def begin(name: str) -> None:
        if name == "export.before_freeze":
            with firm.host.store.database.write() as connection:
                Runs(connection, firm.clock).create("import", by="bo", lock_key=lock_key(1, YEAR))

    firm.add()
    with crash_handler(begin), pytest.raises(ClosingError, match="run-active"):
        firm.export()
    assert firm.ledger.sent == []


def test_a_cancellation_at_the_final_look_leaves_what_is_booked(firm: Firm) -> None:
    entry = firm.add()

    def cancel(name: str) -> None:
        if name == "export.before_sweep":
            raise asyncio.CancelledError

    with crash_handler(cancel), pytest.raises(asyncio.CancelledError):
        firm.export()
    assert (firm.status().state, firm.entry(entry).status) == ("COMPLETED", Status.TRANSFERRED)
    firm.to_rest()
    assert (firm.status().next_look, firm.numbers) == (None, ["I 1"])


# --- the journal is older than the books (B21)


def test_lookup_before_first_send_after_restore(firm: Firm) -> None:
    """What a forgotten export booked, in another series than is chosen now, is adopted."""
    first, second = firm.add(100), firm.add(200)
    markers = [each.marker for each in (first, second)]
    request = None

    def keep(ledger: object, sent: ExportRequest) -> Booked:
        nonlocal request
        request = sent
        return Booked(firm.ledger.book(sent))

    firm.ledger.script = [keep]
    firm.export(entries=[first.id], series="A")
    forget(firm, first)
    assert [each.comment for each in firm.ledger.vouchers] == markers[:1]
    view = firm.export(series="I")
    assert view.state == "COMPLETED"
    assert [(each.booked_series, each.number, each.evidence) for each in view.vouchers] == [
        ("A", "1", "found"),
        ("I", "1", "answer"),
    ]
    assert firm.entry(first).status is Status.TRANSFERRED
    assert firm.status().next_look is not None  # whatever was forgotten may have more to come


def forget(firm: Firm, *entries: ClosingEntry) -> None:
    """The journal and the entries as they were before the last export."""
    from sqlalchemy import delete, update

    from closing_host.storage.entry_tables import closing_entry, closing_entry_version
    from closing_host.storage.export_tables import export_batch, export_sending, export_voucher

    with firm.host.store.database.write() as connection:
        for table in (export_sending, export_voucher, export_batch):
            connection.execute(delete(table))
        for entry in entries:
            mine = closing_entry_version.c.entry_id == entry.id
            connection.execute(delete(closing_entry_version).where(mine, closing_entry_version.c.version > 1))
            connection.execute(update(closing_entry).where(closing_entry.c.id == entry.id).values(version=1))


def test_a_forgotten_double_is_shown(firm: Firm) -> None:
    entry = firm.add()
    firm.export()
    forget(firm, entry)
    firm.ledger.vouchers.append(replace(firm.ledger.vouchers[0], number="2"))
    view = firm.export()
    assert (view.state, view.vouchers[0].found) == ("NEEDS_HUMAN", ("I 1", "I 2"))
    assert len(firm.ledger.sent) == 1


def test_right_after_a_restore_nothing_is_sent_yet(firm: Firm) -> None:
    with firm.host.store.database.write() as connection:
        firm.trail(connection).append(Action.BACKUP_RESTORED)
    firm.add()
    view = firm.export()
    assert (view.state, view.reason) == ("WAITING", "export-after-restore")
    assert firm.ledger.sent == []
    (view,) = firm.later(minutes=3)
    assert view.state == "COMPLETED"


def test_a_takeover_looks_again_before_it_sends(firm: Firm) -> None:
    """The backup had the first voucher booked and the second prepared; in truth the second is booked too."""
    firm.add(100), firm.add(200)
    firm.ledger.script = [books, answers(NotApplied("later", retry_after=60))]
    firm.export()
    firm.ledger.book(firm.ledger.sent[-1])
    (view,) = firm.later(seconds=60)
    assert (view.state, firm.numbers) == ("COMPLETED", ["I 1", "I 2"])
    assert len(firm.ledger.sent) == 2


# --- sources of other kinds


def test_an_idempotent_source_without_a_look_is_sent_again_at_once(firm: Firm) -> None:
    info = replace(firm.ledger.describe_source(), idempotent=True)
    firm = only(firm, "export_terms", "export_voucher", info=info)
    firm.add()
    firm.ledger.script = [raises(LOST)]
    assert firm.export().state == "COMPLETED"
    entry = firm.add()
    firm.ledger.script = [raises(LOST)] * 3
    view = firm.export()
    assert (view.state, view.vouchers[0].reason) == ("NEEDS_HUMAN", "export-unsure")
    assert firm.entry(entry).status is Status.DOUBLE


@pytest.mark.parametrize("hook", ["export_terms", "export_voucher", "find_vouchers"])
def test_a_source_that_lacks_a_hook_exports_nothing(firm: Firm, hook: str) -> None:
    hooks = {"export_terms", "export_voucher", "find_vouchers"} - {hook}
    firm = only(firm, *hooks)
    firm.add()
    with pytest.raises(ClosingError) as missing:
        firm.export()
    assert (missing.value.code, missing.value.parameters["operation"]) == ("export-not-offered", hook)


def test_a_source_that_has_lost_its_look_leaves_the_outcome_unknown(firm: Firm) -> None:
    firm.add()
    firm.ledger.script = [raises(LOST)]
    firm.export()
    lessened = only(firm, "export_terms", "export_voucher")
    (view,) = lessened.later(minutes=3)
    assert (view.state, view.reason, len(firm.ledger.sent)) == ("WAITING", "export-not-offered", 1)


def only(firm: Firm, *hooks: str, info: SourceInfo | None = None) -> Firm:
    """The firm with a source that has these export hooks."""
    whole = loaded("books", firm.ledger)
    exporting = {"export_terms", "export_voucher", "find_vouchers"}
    kept = {name: each for name, each in whole.hooks.items() if name not in exporting or name in hooks}
    source = replace(whole, hooks=kept, info=info or whole.info)
    host = replace(firm.host, registry=Registry({"books": source}))
    return replace(firm, host=host)
