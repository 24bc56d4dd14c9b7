"""What must hold of the export journal after every step, and of everything when nothing is under way any more."""

import hashlib
from collections import Counter
from datetime import UTC, datetime

from closing_host.closing.entries import UNSETTLED, Status
from export_world.checks import hold
from export_world.world import World

OPEN = frozenset({"PREPARED", "SENDING", "AMBIGUOUS", "READBACK"})
BOOKED = frozenset({"CONFIRMED", "CONFIRMED_MODIFIED"})
ACTIVE = frozenset({"FROZEN", "RUNNING", "WAITING"})
_FOUND = BOOKED | {"CONFLICT"}

LEGAL = {
    "PREPARED": _FOUND | {"SENDING", "NOT_SENT"},
    "SENDING": {"CONFIRMED", "REJECTED", "PREPARED", "AMBIGUOUS"},
    "AMBIGUOUS": {"READBACK"},
    "READBACK": _FOUND | {"PREPARED", "AMBIGUOUS"},
    "CONFIRMED": {"CONFLICT"},
    "CONFIRMED_MODIFIED": {"CONFLICT"},
    "REJECTED": _FOUND,
    "NOT_SENT": _FOUND,
}
"""T 3a's picture, written down once more: the product's own table is not asked."""


def check_journal(world: World) -> None:
    """The laws of every step."""
    rows = world.journal.rows
    for move in rows("SELECT DISTINCT before, after FROM witness_move"):
        hold(move["after"] in LEGAL.get(move["before"], ()), "journal: legal moves", *move)
    vouchers = rows(
        "SELECT v.*, b.source_id, b.account_id, b.year_start "
        "FROM export_voucher v JOIN export_batch b ON b.id = v.batch_id"
    )
    for each in vouchers:
        sha = hashlib.sha256(each["payload"].encode()).hexdigest()
        hold(sha == each["payload_sha"], "G3: the frozen form is unchanged", each["label"])
    under_way = Counter(
        (each["account_id"], each["year_start"], each["series"])
        for each in vouchers
        if each["state"] in ("SENDING", "AMBIGUOUS", "READBACK")
    )
    hold(all(count == 1 for count in under_way.values()), "journal: one voucher under way in a series", under_way)
    states: dict[str, set[str]] = {}
    for each in vouchers:
        states.setdefault(each["marker"], set()).add(each["state"])
    for marker, found in states.items():
        hold(not (found & OPEN and found & BOOKED), "journal: not both open and booked", marker, found)
    hold(not world.untold, "G8: no change of state without its event", world.untold)
    hold(not world.line.early, "commit before send", world.line.early)


def check_rest(world: World) -> None:
    """The laws of an end: everything is decided, or a person is asked."""
    batches = world.journal.rows("SELECT * FROM export_batch")
    vouchers = world.journal.rows(
        "SELECT v.*, b.state AS batch FROM export_voucher v JOIN export_batch b ON b.id = v.batch_id"
    )
    now = world.simulator.clock.now()
    for each in batches:
        hold(each["state"] in ("COMPLETED", "STOPPED", "NEEDS_HUMAN"), "liveness: every batch ends", *each)
        # One whose holder died is not given back; once it has lapsed it keeps nobody out.
        lapsed = each["lease_owner"] is None or datetime.fromisoformat(each["lease_until"]).replace(tzinfo=UTC) <= now
        hold(lapsed, "liveness: no lease is held", *each)
    for each in vouchers:
        decided = each["state"] not in OPEN or each["batch"] == "NEEDS_HUMAN"
        hold(decided, "liveness: every voucher is decided", each["label"], each["state"], each["batch"])
        hold(each["state"] != "AMBIGUOUS", "liveness: nothing is left unclear", each["label"])
    for entry in world.entries():
        living = world.ground.living(world.markers(entry.id))
        if len(living) > 1 and not any(birth.touched for birth in living):
            hold(entry.status is Status.DOUBLE, "liveness: what is booked twice is shown", entry.label, entry.status)
        if entry.status in UNSETTLED:
            asked = any(each["entry_id"] == entry.id and each["batch"] == "NEEDS_HUMAN" for each in vouchers)
            hold(asked, "liveness: no entry is left on its way", entry.label, entry.status)
        if entry.status in (Status.READY, Status.FAILED, Status.DRAFT, Status.DELETED, Status.NOT_FOR_TRANSFER):
            hold(not living or living[0].touched, "G1: nothing is booked unclaimed", entry.label, entry.status)


def next_due(world: World, *, active: bool = False) -> datetime | None:
    """When the journal has something to do next; `active`: only what is still under way, not the final looks."""
    moments = [
        datetime.fromisoformat(moment).replace(tzinfo=UTC)
        for each in world.journal.rows("SELECT state, next_look, lease_owner, lease_until FROM export_batch")
        if each["state"] in ACTIVE or not active or each["lease_owner"]
        for moment in [each["lease_until"] if each["lease_owner"] else each["next_look"]]
        if moment is not None
    ]
    if any(each["state"] == "FROZEN" for each in world.journal.rows("SELECT state FROM export_batch")):
        moments.append(world.simulator.clock.now())
    return min(moments, default=None)
