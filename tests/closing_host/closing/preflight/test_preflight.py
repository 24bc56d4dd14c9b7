import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from closing_host.api.errors import Expired
from closing_host.api.vouchers import (
    AccountTerms,
    DraftRow,
    ExportTerms,
    ObjectTerms,
    SeriesTerms,
    VoucherRecord,
)
from closing_host.closing.entries import ClosingEntry, Status
from closing_host.closing.preflight import CHECKS, Preflight, PreflightFacts, preflight
from closing_host.locale import Words, english_by_code
from made_entries import END, START, made_entry

TERMS = ExportTerms(
    account_id="77",
    organisation_number="5566778899",
    year_start=START,
    year_end=END,
    series=(
        SeriesTerms("I", "Bokslut", manual=True, next_number=14),
        SeriesTerms("B", "Kundfakturor", manual=False, next_number=2),
        SeriesTerms("A", "Manuell", manual=True),
    ),
    accounts=(
        AccountTerms("7010", "Löner", active=True),
        AccountTerms("2910", "Upplupna löner", active=True),
        AccountTerms("2990", "Övrigt", active=False),
    ),
    objects=(ObjectTerms(1, "10", "Butik", active=True), ObjectTerms(6, "P1", "Nybygge", active=False)),
    locked_through=date(2025, 11, 30),
    text_limit=200,
    comment_limit=1000,
    changed_vouchers=0,
)
FACTS = PreflightFacts("Källan", {"V": "I", "S": "A"}, "556677-8899", account_id="77", found={}, changed={})
ENTRY = made_entry()
FOUND = VoucherRecord("I", "14", START, END, "V1 Upplupna löner", (), "")
AT = ("I", "14")


def rows(*, account: str = "2910", amount: int = -1_200_000, **changes: Any) -> ClosingEntry:
    return made_entry(rows=(DraftRow("7010", 1_200_000), DraftRow(account, amount, **changes)))


@dataclass(frozen=True)
class Case:
    """`entry`, `terms` and `facts` that trigger `check` with `code`; `near`: the same, just not triggering it."""

    check: str
    code: str
    entry: ClosingEntry = ENTRY
    terms: ExportTerms | None = TERMS
    facts: PreflightFacts = FACTS
    near: Callable[[], tuple[ClosingEntry, ExportTerms | None, PreflightFacts]] = lambda: (ENTRY, TERMS, FACTS)


def near(**changes: Any) -> Any:
    return lambda: (changes.get("entry", ENTRY), changes.get("terms", TERMS), changes.get("facts", FACTS))


CASES = (
    Case("E01", "e01-unbalanced", rows(amount=-1_199_999)),
    Case("E02", "e02-too-few-rows", made_entry(rows=(DraftRow("2910", 0),))),
    Case("E02", "e02-zero-row", rows(amount=0), near=near(entry=rows(amount=1))),
    Case("E03", "e03-account-unknown", rows(account="2911")),
    Case("E04", "e04-account-inactive", rows(account="2990")),
    Case("E05", "e05-series-unknown", facts=replace(FACTS, series={"V": "X"})),
    Case("E05", "e05-series-not-chosen", made_entry(kind="S"), facts=replace(FACTS, series={"V": "I"})),
    Case("E06", "e06-series-not-manual", facts=replace(FACTS, series={"V": "B"})),
    Case("E07", "e07-outside-year", made_entry(day=date(2026, 1, 1))),
    Case("E07", "e07-outside-year", made_entry(day=date(2024, 12, 31)), near=near(entry=made_entry(day=START))),
    Case("E07", "e07-outside-year", made_entry(year_start=date(2024, 1, 1))),
    Case("E08", "e08-locked", terms=replace(TERMS, locked_through=END)),
    Case(
        "E08",
        "e08-locked-series-open",
        terms=replace(TERMS, locked_through=END),
        facts=replace(FACTS, unlockable_series=frozenset({"I"})),
        near=near(terms=replace(TERMS, locked_through=date(2025, 12, 30))),
    ),
    Case("E09", "e09-object-unknown", rows(objects=((1, "11"),)), near=near(entry=rows(objects=((1, "10"),)))),
    Case("E09", "e09-object-inactive", rows(objects=((6, "P1"),))),
    Case("E10", "e10-no-text", made_entry(text="  ")),
    Case("E10", "e10-text-too-long", made_entry(text="x" * 198), near=near(entry=made_entry(text="x" * 197))),
    Case("E10", "e10-text-characters", made_entry(text="Lön – 2025")),
    Case("E10", "e10-text-characters", made_entry(text="se https://x"), near=near(entry=made_entry(text="a:/b //ÿ"))),
    Case("E10", "e10-row-text-too-long", rows(text="x" * 101), near=near(entry=rows(text="x" * 100))),
    Case("E10", "e10-row-text-characters", rows(text="a\nb")),
    Case(
        "E10",
        "e10-no-room-for-marker",
        terms=replace(TERMS, comment_limit=17),
        near=near(terms=replace(TERMS, comment_limit=18)),
    ),
    Case("E11", "e11-books-stale", terms=replace(TERMS, changed_vouchers=1)),
    Case("E12", "e12-other-company", terms=replace(TERMS, organisation_number="556677-8898")),
    Case("E12", "e12-other-account", terms=replace(TERMS, account_id="78")),
    Case("E13", "e13-transferred", made_entry(status=Status.TRANSFERRED, at=AT)),
    Case("E13", "e13-transferred-by-file", made_entry(status=Status.TRANSFERRED, at=("", ""))),
    Case("E13", "e13-on-the-way", made_entry(status=Status.UNKNOWN)),
    Case(
        "E13",
        "e13-not-for-export",
        made_entry(status=Status.DRAFT),
        near=near(entry=made_entry(status=Status.FAILED)),
    ),
    Case(
        "E13",
        "e13-found",
        facts=replace(FACTS, found={1: (FOUND,)}),
        near=near(facts=replace(FACTS, found={2: (FOUND,)})),
    ),
    Case("E13", "e13-found-twice", facts=replace(FACTS, found={1: (FOUND, FOUND)})),
    Case(
        "E14",
        "connection-expired",
        facts=replace(FACTS, connection_problem=Expired("connection-expired", source="Källan")),
    ),
    Case(
        "E15",
        "e15-changed-after-done",
        facts=replace(FACTS, changed={"year-end": ("1930", "2440")}),
        near=near(facts=replace(FACTS, changed={"2025-12": ("1930",)})),
    ),
    Case(
        "E16",
        "e16-out-of-date",
        facts=replace(FACTS, outdated=frozenset({1})),
        near=near(facts=replace(FACTS, outdated=frozenset({2}))),
    ),
)

NOT_RUN = {
    "E03": (replace(TERMS, accounts=()), FACTS),
    "E04": (replace(TERMS, accounts=()), FACTS),
    "E05": (replace(TERMS, series=()), FACTS),
    "E06": (replace(TERMS, series=()), FACTS),
    "E07": (None, FACTS),
    "E08": (None, FACTS),
    "E09": (None, FACTS),
    "E11": (replace(TERMS, changed_vouchers=None), FACTS),
    "E12": (replace(TERMS, organisation_number=""), FACTS),
    "E13": (TERMS, replace(FACTS, found=None)),
    "E15": (TERMS, replace(FACTS, changed=None)),
}


def one(case: Case) -> Preflight:
    return preflight([case.entry], case.terms, case.facts)


def codes(result: Preflight, check: str) -> list[str]:
    return [finding.code for each in result.checks if each.id == check for finding in each.findings]


def test_nothing_stands_in_the_way_of_a_right_entry() -> None:
    result = preflight([ENTRY], TERMS, FACTS)
    assert [each.outcome for each in result.checks] == ["passed"] * len(CHECKS)
    assert (result.state, result.sendable, result.findings) == ("ok", (1,), ())


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.check}-{case.code}")
def test_the_check_finds_it_and_names_entry_and_row(case: Case) -> None:
    assert case.code in codes(one(case), case.check)
    for finding in one(case).findings:
        if finding.entry is not None:
            assert finding.parameters["entry"] == case.entry.label
        if finding.row is not None:
            assert finding.parameters["row"] == finding.row
            assert "account" in finding.parameters or finding.code.startswith("e10-row")


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.check}-{case.code}")
def test_what_only_just_passes_is_not_found(case: Case) -> None:
    entry, terms, facts = case.near()
    assert codes(preflight([entry], terms, facts), case.check) == []


@pytest.mark.parametrize("check", NOT_RUN)
def test_a_check_without_what_it_needs_says_so_and_wants_a_tick(check: str) -> None:
    terms, facts = NOT_RUN[check]
    result = preflight([ENTRY], terms, facts)
    (unrun,) = [each for each in result.checks if each.id == check]
    assert unrun.outcome == "could_not_run"
    (told,) = [each for each in result.general if each.code == unrun.reason]
    assert check in str(told.parameters["checks"])
    wants_no_tick = check in ("E13", "E15")
    assert told.severity == ("info" if wants_no_tick else "warning")
    assert result.state == ("ok" if wants_no_tick else "tick")


def test_every_check_has_a_case_and_those_that_always_run_are_known() -> None:
    assert {case.check for case in CASES} == {each.id for each in CHECKS}
    assert {each.id for each in CHECKS} - set(NOT_RUN) == {"E01", "E02", "E10", "E14", "E16"}


def test_a_changed_sign_off_wants_a_tick_and_names_a_few_accounts() -> None:
    accounts = tuple(str(each) for each in range(1910, 1917))
    result = preflight([ENTRY], TERMS, replace(FACTS, changed={"year-end": accounts}))
    (finding,) = result.findings
    assert (result.state, result.sendable, finding.severity) == ("tick", (1,), "warning")
    assert (finding.parameters["count"], finding.parameters["accounts"]) == (7, "1910, 1911, 1912, 1913, 1914, …")


def test_the_engagement_without_a_number_cannot_be_compared() -> None:
    result = preflight([ENTRY], TERMS, replace(FACTS, organisation_number=None))
    assert [each.code for each in result.general] == ["preflight-no-expected-number"]


def test_status_is_checked_also_when_the_source_was_not_asked_for_markers() -> None:
    facts = replace(FACTS, found=None)
    assert codes(preflight([made_entry(status=Status.SENDING)], TERMS, facts), "E13") == ["e13-on-the-way"]


def test_an_error_blocks_its_entry_only_and_a_warning_wants_a_tick() -> None:
    wrong = made_entry(id=2, number=2, day=date(2026, 1, 1))
    locked = made_entry(id=3, number=3, day=date(2025, 11, 30))
    result = preflight([ENTRY, wrong, locked], TERMS, replace(FACTS, unlockable_series=frozenset({"I"})))
    assert [(each.label, each.state) for each in result.entries] == [("V1", "ok"), ("V2", "blocked"), ("V3", "tick")]
    assert (result.state, result.sendable) == ("tick", (1, 3))


def test_the_wrong_company_blocks_every_entry() -> None:
    result = preflight([ENTRY, made_entry(id=2)], replace(TERMS, organisation_number="1"), FACTS)
    assert ({each.state for each in result.entries}, result.state, result.sendable) == ({"blocked"}, "blocked", ())


def test_nothing_to_export_is_blocked() -> None:
    assert preflight([], TERMS, FACTS).state == "blocked"


def test_without_a_connection_only_what_needs_no_source_is_checked() -> None:
    facts = replace(FACTS, connection_problem=Expired("connection-expired"), found=None)
    result = preflight([rows(amount=0)], None, facts)
    assert [each.code for each in result.general] == [
        "connection-expired",
        "preflight-no-terms",
        "preflight-no-marker-search",
    ]
    assert result.general[1].parameters["checks"] == "E03, E04, E05, E06, E07, E08, E09, E11, E12"
    assert [each.code for each in result.entries[0].findings] == ["e01-unbalanced", "e02-zero-row"]
    assert result.series == ()


def test_v_and_s_entries_have_a_series_each() -> None:
    tax = made_entry(id=2, kind="S")
    facts = replace(FACTS, series={"V": "I", "S": "B"})
    assert [each.state for each in preflight([ENTRY, tax], TERMS, facts).entries] == ["ok", "blocked"]


def test_series_are_listed_with_the_unusable_last_and_their_reason() -> None:
    listed = preflight([ENTRY], TERMS, FACTS).series
    assert [(each.code, each.next_number, each.usable, each.reason) for each in listed] == [
        ("A", None, True, ""),
        ("I", 14, True, ""),
        ("B", 2, False, "series-not-manual"),
    ]


def test_what_cannot_be_seen_is_named_by_its_number() -> None:
    (finding,) = preflight([made_entry(text="a\tb–")], TERMS, FACTS).entries[0].findings
    assert finding.parameters["characters"] == "U+0009, “–” (U+2013)"


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.check}-{case.code}")
def test_every_finding_has_words_with_all_places_filled(case: Case) -> None:
    for finding in one(case).findings:
        said = Words("en").message(finding.code, finding.parameters)
        assert finding.code in english_by_code("closing_host")
        assert "{" not in said.replace("{place}", "")


def test_every_check_and_every_finding_stands_in_the_page() -> None:
    page = (Path(__file__).parents[4] / "docs" / "export-checks.md").read_text("utf-8")
    names = english_by_code("closing_host")
    listed = re.findall(r"^\| (E[0-9]{2}) \| ([^|]+) \| ([a-z]+)", page, re.MULTILINE)
    assert listed == [(each.id, names[each.code], each.severity) for each in CHECKS]
