"""What a period's documents are made of. Of a locked period all of it is as it stood when that was locked, so that the
same lock gives the same documents, whatever was imported, attached or removed since."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from closing_host.closing.entries import YEAR_END, ClosingEntry, Status
from closing_host.closing.main_schedules import Behind, MainSchedule, SubSchedule, main_schedules
from closing_host.closing.schedule import reconciled_amount
from closing_host.documents.attachment_words import side_words
from closing_host.documents.imprint import Imprint
from closing_host.documents.period_imprint import PeriodImprint
from closing_host.engagements.attachment_making import versions_of_year
from closing_host.engagements.attachments import newest_made
from closing_host.engagements.effective import EffectiveBooks, open_effective
from closing_host.engagements.host import Host
from closing_host.engagements.periods import year_periods
from closing_host.engagements.reconciling import AccountLine, Keep, Sheet, figures_of_period, now, sheet_of
from closing_host.ledgers import organisation
from closing_host.locale import Words
from closing_host.storage.attached_files import AttachedFile, AttachedFiles
from closing_host.storage.attachments import AttachmentVersion
from closing_host.storage.entries import EntryRecords
from closing_host.storage.own_attachments import OwnAttachment, OwnAttachments

NO_DOCUMENT = (Status.DRAFT, Status.DELETED)
"""States of entries that nobody wants in the books."""


@dataclass(frozen=True, slots=True, eq=False)
class PeriodMaterial:
    """A period of opened books. `sides`: the attachments of receivables and payables that its figures rest on;
    `own`: the user's schedules of its last day; `files`: what is attached to its accounts or those schedules."""

    books: EffectiveBooks
    sheet: Sheet
    imprint: PeriodImprint
    sides: tuple[AttachmentVersion, ...]
    own: tuple[OwnAttachment, ...]
    files: tuple[AttachedFile, ...]
    entries: tuple[ClosingEntry, ...]

    def main_schedules(self, words: Words) -> tuple[MainSchedule, ...]:
        """*Huvudbilagor*, with what stands behind their accounts in words."""
        behind = {each.account: self._behind(words, each) for each in self.sheet.lines}
        return main_schedules(self.sheet.lines, behind)

    def own_of(self, account: str) -> tuple[OwnAttachment, ...]:
        """The user's schedules behind an account."""
        return tuple(each for each in self.own if each.schedule.account == account)

    def files_of(self, account: str) -> tuple[AttachedFile, ...]:
        """The files attached to an account or its schedules."""
        return tuple(each for each in self.files if each.account == account)

    def _behind(self, words: Words, line: AccountLine) -> Behind:
        own = self.own_of(line.account)
        schedules = [
            SubSchedule("own", each.number, each.schedule.title or line.name, reconciled_amount((each.schedule,)))
            for each in own
        ]
        side = next((each for each in self.sides if line.account in each.control_accounts), None)
        # What the schedules of the user's own leave is the automatic one's: the amount is frozen, its parts are not.
        if side is not None and line.figures.attached and line.figures.reconciled is not None:
            rest = line.figures.reconciled - (reconciled_amount(each.schedule for each in own) or 0)
            schedules.insert(0, SubSchedule(side.side, side.version, side_words(words, side.side), rest))
        return Behind(tuple(schedules), tuple(each.name for each in self.files_of(line.account)))


def read_material(host: Host, reference: str, key: str = "") -> PeriodMaterial:
    """The period of the books that `reference` names, as `open_effective`; `key` "" is the current one.

    Raises what `open_effective` raises, and `DataError` `period-unknown`, `year-too-long`.
    """
    return material_of(host, open_effective(host, reference), key)


def material_of(host: Host, books: EffectiveBooks, key: str = "", *, keep: Keep = now) -> PeriodMaterial:
    """The same for books that are open."""
    sheet = sheet_of(host, books, key, keep=keep)
    lock, period = sheet.period.lock, sheet.period.period
    moment = None if lock is None else lock.locked_at
    engagement, snapshot = sheet.engagement, sheet.snapshot
    versions = [each for each in versions_of_year(host, snapshot) if moment is None or each.made_at <= moment]
    with host.store.database.read() as connection:
        own = _schedules(OwnAttachments(connection, engagement.id, snapshot.year_start), moment)
        attached = AttachedFiles(connection, engagement.id, snapshot.year_start).all(removed=True)
        entries = EntryRecords(connection, engagement.id).all(snapshot.year_start)
    schedules = tuple(each for each in own if each.schedule.as_at == period.end)
    imprint = Imprint(
        engagement.name,
        organisation.display(engagement.organisation_number or ""),
        snapshot.year_start,
        snapshot.year_end,
        snapshot.fingerprint if lock is None else lock.fingerprint,
        host.actor.name if lock is None else lock.locked_by,
        host.store.clock() if lock is None else lock.locked_at,
    )
    return PeriodMaterial(
        books,
        sheet,
        PeriodImprint(imprint, period, sheet.period.state, "" if lock is None else lock.reason),
        newest_made(versions),
        schedules,
        _files(attached, {each.number for each in schedules}, moment),
        tuple(each for each in entries if _belongs(each, sheet)),
    )


def names_of(host: Host, material: PeriodMaterial) -> Mapping[str, str]:
    """Account to its name, for every account: as the books declare them, or did when the period was locked."""
    snapshot = material.sheet.snapshot
    periods = year_periods(host, snapshot.engagement_id, snapshot)
    figures = figures_of_period(host, material.books, periods, material.imprint.period.key)
    return dict(figures.select("account", "name").iter_rows())


def _schedules(records: OwnAttachments, moment: datetime | None) -> list[OwnAttachment]:
    """The user's schedules, as they were at `moment`."""
    found = []
    for each in records.all(removed=True):
        then = each
        if moment is not None and each.changed_at > moment:
            then = next((one for one in records.history(each.number) if one.changed_at <= moment), each)
            if then.changed_at > moment:
                continue
        if then.state == "active":
            found.append(then)
    return found


def _files(files: tuple[AttachedFile, ...], schedules: set[int], moment: datetime | None) -> tuple[AttachedFile, ...]:
    """Those that were there at `moment`, of the account itself or of one of `schedules`."""
    return tuple(
        each
        for each in files
        if each.is_behind(schedules)
        and (moment is None or each.attached_at <= moment)
        and (each.removed_at is None or (moment is not None and each.removed_at > moment))
    )


def _belongs(entry: ClosingEntry, sheet: Sheet) -> bool:
    period = sheet.period.period
    if entry.status in NO_DOCUMENT:
        return False
    if period.is_year_end:
        return entry.content.period == period.key
    return entry.content.period != YEAR_END and period.start <= entry.content.date <= period.end
