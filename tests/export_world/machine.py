"""The state machine: host and simulator driven by chance, and every law checked after each step (T 4.5)."""

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from closing_host.api.vouchers import DraftRow
from closing_host.closing.entries import EDITABLE, EntryContent, Status
from closing_host.storage.entries import EntryRecords
from closing_host.storage.verify import verify
from export_world.company import OTHER_TENANT, SERIES, TENANT
from export_world.death import Instant, at_step
from export_world.faults import FAULTS, LATE, READ_FAULTS, UNCLEAR
from export_world.ground import Birth
from export_world.journal_laws import check_rest
from export_world.laws import Laws
from export_world.rest import to_rest
from export_world.world import World, world


def _rested(machine: "ExportWorld") -> bool:
    return machine.paused >= machine.pause


WHICH = st.integers(0, 7)
AMOUNTS = st.sampled_from([10_000, 10_000, 25_050])
NEW = st.lists(AMOUNTS, max_size=2)
"""Amounts of entries that are made before something else: often equal, so that only the marker tells them apart."""
POSTED = st.one_of(st.sampled_from(FAULTS), st.sampled_from(UNCLEAR))
"""What befalls a posted voucher: anything, and more often what leaves the outcome unknown."""
MOMENTS = st.one_of(st.none(), st.none(), st.integers(1, 60))
"""After how many crash points a process dies, mostly never."""
ACCOUNT = 8410


class ExportWorld(RuleBasedStateMachine):
    """Any order of what a user, Fortnox' other users, the network and the machine room may do."""

    steps = 0
    """Of all runs of this process."""
    pause = 0
    """How many other steps lie at least between two that call the source: those take a hundred times longer."""

    def __init__(self) -> None:
        super().__init__()
        self.sound = True
        self.paused = self.pause

    @initialize(login=st.sampled_from(["service_account", "user"]))
    def begin(self, login: str) -> None:
        self._open = world(login)  # type: ignore[arg-type]
        self.world: World = self._open.__enter__()
        self.laws = Laws(self.world)

    # --- the user

    @rule(new=NEW)
    def add(self, new: list[int]) -> None:
        self._add(new)

    def _add(self, new: list[int]) -> None:
        for amount in new:
            self.world.add_entry(amount)

    @rule(which=WHICH, how=st.sampled_from(["edit", "delete", "again"]), amount=AMOUNTS)
    def change_entry(self, which: int, how: str, amount: int) -> None:
        states = {Status.MISSING} if how == "again" else EDITABLE
        found = [each for each in self.world.entries() if each.status in states]
        if not found:
            return
        entry, store = found[which % len(found)], self.world.host.store
        with store.database.write() as connection:
            trail = store.trail(connection, self.world.host.actor)
            records = EntryRecords(connection, self.world.engagement_id)
            if how == "edit":
                rows = (DraftRow(str(ACCOUNT), amount), DraftRow("2990", -amount))
                content = EntryContent(entry.content.date, "Ändrad", rows, entry.content.period)
                records.edit(trail, entry.id, content, version=entry.version)
            elif how == "delete":
                records.set_status(trail, entry.id, Status.DELETED, by="user")
            else:
                records.send_again(trail, entry.id)

    # --- the program

    @precondition(_rested)
    @rule(
        fault=st.one_of(st.none(), POSTED),
        nth=st.sampled_from([1, 1, 2, 3]),
        late=st.sampled_from(LATE),
        dies=MOMENTS,
        new=NEW,
    )
    def export(self, fault: str | None, nth: int, late: float, dies: int | None, new: list[int]) -> None:
        self.paused = -1
        self._add(new)
        if fault is not None:
            self.world.line.plan(fault, nth=nth, late=late)
        self.world.export(_instant(dies))
        self.world.line.heal()

    @precondition(_rested)
    @rule(
        how=st.sampled_from(["export", "resume", "stall"]),
        fault=POSTED,
        first=MOMENTS,
        second=MOMENTS,
        where=st.integers(1, 12),
        new=NEW,
    )
    def two_at_once(
        self, how: str, fault: str, first: int | None, second: int | None, where: int, new: list[int]
    ) -> None:
        """Two users export, or go on with what waits; or a laptop is closed, and opened when another went on (E7)."""
        self.paused = -1
        world = self.world
        self._add(new)
        world.line.plan(fault)
        if how == "export":
            world.run_both([(world.exporting(), _instant(first)), (world.exporting(), _instant(second))])
        elif how == "resume":
            world.run_both([(world.resuming(), _instant(first)), (world.resuming(), _instant(second))])
        else:
            world.export(world.stalling(where, lambda: self._meanwhile(second)))
        world.line.heal()

    def _meanwhile(self, dies: int | None) -> None:
        for _ in range(3):
            self.world.advance(250)
            self.world.resume(_instant(dies))

    @rule(fault=st.one_of(st.none(), st.sampled_from(READ_FAULTS)), nth=st.integers(1, 4), dies=MOMENTS)
    def resume(self, fault: str | None, nth: int, dies: int | None) -> None:
        if fault is not None:
            self.world.line.plan(fault, nth=nth, method="GET", path="/3/vouchers*")
        self.world.resume(_instant(dies))
        self.world.line.heal()

    @precondition(_rested)
    @rule(dies=MOMENTS)
    def import_books(self, dies: int | None) -> None:
        self.paused = -1
        self.world.import_books(_instant(dies))

    # --- the machine room

    @rule(seconds=st.sampled_from([1, 5, 30, 125, 190, 650, 3600]))
    def advance(self, seconds: int) -> None:
        self.world.advance(seconds)

    @rule(days=st.integers(1, 4))
    def days_pass(self, days: int) -> None:
        self.world.advance(days * 86400)

    @rule()
    def kill(self) -> None:
        self.world.restart()

    @precondition(_rested)
    @rule(which=WHICH)
    def restore(self, which: int) -> None:
        """Put a backup back, one of two; make them first."""
        self.paused = -1
        if len(self.world.backups) < 2:
            self.world.back_up()
        else:
            self.world.restore(which % 2)

    @precondition(_rested)
    @rule(other=st.booleans())
    def log_in(self, other: bool) -> None:
        self.world.connect(OTHER_TENANT if other else TENANT)

    # --- others in Fortnox

    @rule(which=WHICH, how=st.sampled_from(["rows", "text", "strip", "delete", "renumber"]))
    def edit_in_fortnox(self, which: int, how: str) -> None:
        birth = self._birth(which)
        if birth is None or (how == "strip" and (birth.changed or birth.moved)) or (how != "strip" and birth.stripped):
            return  # what nobody could recognise is not asked for
        voucher = birth.voucher
        place = {"series": voucher.series, "number": voucher.number}
        if how == "rows":
            rows = [{"account": 8410, "amount": 777}, {"account": 2990, "amount": -777}]
            self.world.edit("edit_voucher", **place, rows=rows)
        elif how == "text":
            self.world.edit("edit_voucher", **place, text="Ändrad i Fortnox")
        elif how == "strip":
            self.world.edit("edit_voucher", **place, comments="")
        elif how == "delete":
            self.world.edit("delete_voucher", **place)
        else:
            self.world.edit("renumber_voucher", **place, to_number=voucher.number + 100)

    @rule(series=st.sampled_from([SERIES, "A"]))
    def another_app_books(self, series: str) -> None:
        rows = [{"account": ACCOUNT, "amount": 10_000}, {"account": 2990, "amount": -10_000}]
        self.world.edit("add_voucher", series=series, date="2025-12-31", text="Annan", rows=rows)

    @rule(broken=st.sampled_from(["", "", "lock", "series", "manual", "account"]))
    def change_terms(self, broken: str) -> None:
        """One thing or nothing stands in the way of a booking."""
        edit = self.world.edit
        edit("lock_period", to="2025-12-31" if broken == "lock" else None)
        edit("set_account", account=ACCOUNT, active=broken != "account")
        edit("set_series", series=SERIES, manual=broken != "manual")
        if broken == "series":
            edit("remove_series", series=SERIES)

    # --- what must hold

    @invariant()
    def laws_hold(self) -> None:
        ExportWorld.steps += 1
        self.paused += 1
        if hasattr(self, "laws"):
            self.sound = False
            self.laws.check()
            self.sound = True

    def teardown(self) -> None:
        if not hasattr(self, "world"):
            return
        try:
            if self.sound:
                self._end_well()
        finally:
            self._open.__exit__(None, None, None)

    def _end_well(self) -> None:
        self.world.line.heal()
        self.change_terms(broken="")
        self.world.connect()
        to_rest(self.world, one_sweep=True)
        if self.world.restored:
            self.world.import_books()  # what an older journal never knew of, the books show
        self.laws.check()
        check_rest(self.world)
        assert verify(self.world.host.store).problems == ()

    # --- which

    def _birth(self, which: int) -> Birth | None:
        found = self.world.ground.all_living()
        return found[which % len(found)] if found else None


def _instant(steps: int | None) -> Instant | None:
    return None if steps is None else at_step(steps)
