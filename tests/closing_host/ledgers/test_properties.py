"""What holds for every ledger."""

import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict, replace
from typing import Any

import polars as pl
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from closing_host.api.ledger import Ledger
from closing_host.ledgers import (
    account_ledger,
    compare,
    fingerprint,
    movements,
    opening_balances,
    run_controls,
    trial_balance,
)
from closing_host.ledgers.comparison import Comparison
from closing_host.ledgers.periods import By
from ledger_strategies import ANY_TEXT, ledgers

EXAMPLES = settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
"""Drawing a ledger costs more than what is done with it."""

LEDGERS = ledgers(texts=ANY_TEXT)
WITH_VOUCHERS = LEDGERS.filter(lambda ledger: bool(ledger.vouchers.height))
WITH_ROWS = LEDGERS.filter(lambda ledger: bool(ledger.rows.height))
PLACES = st.integers(0, 10_000)


def at(place: int, frame: pl.DataFrame, **columns: pl.Expr) -> pl.DataFrame:
    """`frame` with other values in one record."""
    here = pl.int_range(pl.len()) == place % frame.height
    return frame.with_columns(pl.when(here).then(value).otherwise(name).alias(name) for name, value in columns.items())


def reordered(ledger: Ledger, order: st.DataObject) -> Ledger:
    """The same vouchers in another source order, under other keys."""
    places = order.draw(st.permutations(range(ledger.vouchers.height)))
    keys = pl.DataFrame(
        {"voucher": places, "moved": range(len(places))}, schema=dict.fromkeys(("voucher", "moved"), pl.UInt32)
    )
    tables = {
        name: ledger.tables[name]
        .join(keys, on="voucher")
        .with_columns(voucher="moved")
        .drop("moved")
        .sort("voucher", *(["row"] if name == "rows" else []))
        for name in ("vouchers", "rows")
    }
    return replace(ledger, vouchers=tables["vouchers"], rows=tables["rows"])


def only(comparison: Comparison, **expected: int) -> None:
    assert {name: count for name, count in comparison.counts.items() if count} == expected
    assert comparison.count == sum(expected.values())


def canonical(ledger: Ledger) -> Mapping[str, Any]:
    """The content as plain values: what the fingerprint says is the same."""

    def records(frame: pl.DataFrame) -> Any:
        return [
            tuple(
                tuple(sorted((each["dimension"], each["object"]) for each in value))
                if name == "objects"
                else tuple(value)
                if isinstance(value, list)
                else value
                for name, value in record.items()
            )
            for record in frame.iter_rows(named=True)
        ]

    rows = ledger.rows.sort("voucher", "row").drop("row", "line")
    by_voucher: dict[int, list[Any]] = {}
    for voucher, *row in records(rows):
        by_voucher.setdefault(voucher, []).append(tuple(row))
    vouchers = records(ledger.vouchers.drop("line"))
    return {
        "company": asdict(ledger.company),
        "years": sorted((year.index, year.start, year.end, year.id) for year in ledger.years),
        "rest": (ledger.currency, ledger.chart_type, ledger.tax_year, ledger.covered_until, ledger.note),
        "vouchers": Counter((*head, tuple(by_voucher.get(key, []))) for key, *head in vouchers),
        **{
            table: Counter(records(ledger.tables[table])) for table in ("accounts", "dimensions", "objects", "balances")
        },
    }


@EXAMPLES
@given(LEDGERS, st.sampled_from(["month", "year"]))
def test_every_closing_is_opening_and_change_and_the_next_opening(ledger: Ledger, by: By) -> None:
    frame = trial_balance(ledger, by=by)
    assert (frame["closing"] == frame["opening"] + frame["change"]).all()
    for _, lines in frame.group_by("account", maintain_order=True):
        assert lines["opening"].to_list()[1:] == lines["closing"].to_list()[:-1]
    first = frame.group_by("account").agg(pl.col("opening").first())
    opened = dict(opening_balances(ledger).iter_rows())
    assert dict(first.iter_rows()) == {account: opened.get(account, 0) for account in first["account"]}
    assert set(opened) <= set(first["account"])


@EXAMPLES
@given(WITH_VOUCHERS)
def test_nothing_booked_is_lost_between_rows_and_balances(ledger: Ledger) -> None:
    booked = ledger.rows.filter(pl.col("kind") == "booked")
    total = sum(booked["amount"].to_list())
    assert sum(movements(ledger)["change"].to_list()) == total
    assert sum(trial_balance(ledger)["change"].to_list()) == total
    assert sum(trial_balance(ledger, by="year")["change"].to_list()) == total


@EXAMPLES
@given(WITH_VOUCHERS)
def test_an_account_ledger_ends_at_the_trial_balances_closing(ledger: Ledger) -> None:
    closings = trial_balance(ledger).group_by("account", maintain_order=True).agg(pl.col("closing").last())
    for account, closing in closings.iter_rows():
        listed = account_ledger(ledger, account)
        if listed.height:
            assert listed["balance"][-1] == closing


@EXAMPLES
@given(LEDGERS)
def test_controls_answer_on_any_ledger(ledger: Ledger) -> None:
    for result in run_controls(ledger, limit=None):
        assert (result.outcome == "found") == bool(result.count) == bool(result.findings)
        assert (result.outcome == "could_not_run") == bool(result.reason)


@EXAMPLES
@given(LEDGERS, LEDGERS, st.data())
def test_fingerprints_are_equal_exactly_for_equal_content(ledger: Ledger, other: Ledger, data: st.DataObject) -> None:
    assert fingerprint(reordered(ledger, data)) == fingerprint(ledger)
    assert canonical(reordered(ledger, data)) == canonical(ledger)
    tables = data.draw(st.lists(st.sampled_from(["accounts", "objects", "balances"]), unique=True))
    mixed = replace(ledger, **{table: other.tables[table] for table in tables})  # type: ignore[arg-type]
    for another in (other, mixed):
        assert (fingerprint(another) == fingerprint(ledger)) == (canonical(another) == canonical(ledger))


@EXAMPLES
@given(LEDGERS, st.data())
def test_a_ledger_is_equal_to_itself_in_any_order(ledger: Ledger, data: st.DataObject) -> None:
    for other in (ledger, reordered(ledger, data)):
        comparison = compare(ledger, other)
        only(comparison)
        assert comparison.equal
        assert comparison.not_compared == ()
        assert json.loads(json.dumps(comparison.as_records()))["count"] == 0


@EXAMPLES
@given(LEDGERS)
def test_blanks_around_texts_and_the_order_of_rows_are_no_difference(ledger: Ledger) -> None:
    padded = replace(
        ledger,
        vouchers=ledger.vouchers.with_columns(text=pl.concat_str(pl.lit(" "), "text", pl.lit("\t"))),
        rows=ledger.rows.with_columns(text=pl.concat_str("text", pl.lit("  "))).reverse(),
        accounts=ledger.accounts.with_columns(name=pl.concat_str("name", pl.lit(" "))),
    )
    assert compare(ledger, padded).equal


@EXAMPLES
@given(LEDGERS, LEDGERS)
def test_comparison_is_symmetric(a: Ledger, b: Ledger) -> None:
    there, back = compare(a, b), compare(b, a)
    swapped = {"vouchers_new": "vouchers_removed", "vouchers_removed": "vouchers_new"}
    assert dict(back.counts) == {name: there.counts[swapped.get(name, name)] for name in back.counts}
    assert there.balances["difference"].to_list() == [-each for each in back.balances["difference"]]
    assert there.totals["difference"].to_list() == [-each for each in back.totals["difference"]]
    assert {(each.field, each.year, each.reason) for each in there.not_compared} == {
        (each.field, each.year, each.reason) for each in back.not_compared
    }
    assert there.vouchers["voucher_a"].drop_nulls().sort().equals(back.vouchers["voucher_b"].drop_nulls().sort())


@EXAMPLES
@given(LEDGERS, LEDGERS)
def test_totals_add_up_to_the_rows(a: Ledger, b: Ledger) -> None:
    totals = compare(a, b).totals
    for ledger, side in ((a, "a"), (b, "b")):
        booked = ledger.rows.filter(pl.col("kind") == "booked")["amount"]
        assert sum(totals[side].to_list()) == sum(booked.to_list())
    assert (totals["difference"] == totals["b"] - totals["a"]).all()


@EXAMPLES
@given(WITH_ROWS, PLACES)
def test_a_changed_row_is_reported_exactly(ledger: Ledger, place: int) -> None:
    other = replace(ledger, rows=at(place, ledger.rows, amount=pl.col("amount") + 1))
    comparison = compare(ledger, other)
    only(comparison, vouchers_changed=1)
    assert comparison.voucher_fields.is_empty()
    assert sorted(comparison.rows.select("change", "count").rows()) == [("new", 1), ("removed", 1)]
    row = ledger.rows.row(place % ledger.rows.height, named=True)
    differing = comparison.totals.filter(pl.col("difference") != 0).select("account", "difference").rows()
    assert differing == ([(row["account"], 1)] if row["kind"] == "booked" else [])


@EXAMPLES
@given(WITH_ROWS, PLACES)
def test_a_dropped_row_is_reported_exactly(ledger: Ledger, place: int) -> None:
    place %= ledger.rows.height
    other = replace(ledger, rows=ledger.rows.filter(pl.int_range(pl.len()) != place))
    comparison = compare(ledger, other)
    only(comparison, vouchers_changed=1)
    assert comparison.rows["change"].to_list() == ["removed"]
    assert comparison.rows["amount"].to_list() == [ledger.rows["amount"][place]]


@EXAMPLES
@given(WITH_VOUCHERS, PLACES)
def test_a_changed_voucher_text_is_reported_exactly(ledger: Ledger, place: int) -> None:
    place %= ledger.vouchers.height
    comparison = compare(ledger, replace(ledger, vouchers=at(place, ledger.vouchers, text=pl.col("text") + "x")))
    only(comparison, vouchers_changed=1)
    assert comparison.rows.is_empty()
    old = ledger.vouchers["text"][place]
    assert comparison.voucher_fields["field"].to_list() == ["text"]
    assert comparison.voucher_fields["new"].to_list() == [(old + "x").lstrip()] or old.strip() != old


@EXAMPLES
@given(WITH_VOUCHERS, PLACES)
def test_a_missing_voucher_is_reported_exactly(ledger: Ledger, place: int) -> None:
    gone = ledger.vouchers["voucher"][place % ledger.vouchers.height]
    other = replace(
        ledger,
        vouchers=ledger.vouchers.filter(pl.col("voucher") != gone),
        rows=ledger.rows.filter(pl.col("voucher") != gone),
    )
    only(compare(ledger, other), vouchers_removed=1)
    only(compare(other, ledger), vouchers_new=1)


@EXAMPLES
@given(LEDGERS, PLACES)
def test_a_changed_balance_is_reported_exactly(ledger: Ledger, place: int) -> None:
    assume(ledger.balances.height)
    comparison = compare(ledger, replace(ledger, balances=at(place, ledger.balances, amount=pl.col("amount") - 3)))
    only(comparison, balances=1)
    stated = ledger.balances.row(place % ledger.balances.height, named=True)
    reported = comparison.balances.row(0, named=True)
    assert reported["difference"] == -3
    assert all(reported[name] == stated[name] for name in ("kind", "year", "period", "account"))


@EXAMPLES
@given(LEDGERS, PLACES, st.sampled_from(["name", "unit"]))
def test_a_changed_account_is_reported_exactly(ledger: Ledger, place: int, field: str) -> None:
    other = replace(ledger, accounts=at(place, ledger.accounts, **{field: pl.col(field) + "x"}))
    comparison = compare(ledger, other)
    if comparison.not_compared:
        assert field == "unit"
        return
    only(comparison, accounts=1)
    reported = comparison.accounts.select("account", "change", "field").rows()
    assert reported == [(ledger.accounts["account"][place % ledger.accounts.height], "changed", field)]


@EXAMPLES
@given(LEDGERS, PLACES)
def test_a_missing_account_is_reported_exactly(ledger: Ledger, place: int) -> None:
    place %= ledger.accounts.height
    comparison = compare(ledger, replace(ledger, accounts=ledger.accounts.filter(pl.int_range(pl.len()) != place)))
    only(comparison, accounts=1)
    assert comparison.accounts["change"].to_list() == ["removed"]


@pytest.mark.parametrize("table", ["dimensions", "objects"])
@EXAMPLES
@given(ledger=LEDGERS, place=PLACES)
def test_a_renamed_object_is_reported_exactly(table: str, ledger: Ledger, place: int) -> None:
    frame = ledger.tables[table]
    assume(frame.height)
    changed = replace(ledger, **{table: at(place, frame, name=pl.col("name") + "x")})  # type: ignore[arg-type]
    comparison = compare(ledger, changed)
    only(comparison, objects=1)
    assert comparison.objects["field"].to_list() == ["name"]
