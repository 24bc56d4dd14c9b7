"""Exporting closing entries: how it stands, why it stopped, what to do."""

from collections.abc import Mapping
from typing import Final

MESSAGES: Final[Mapping[str, str]] = {
    "export-connection-over": (
        "The connection to {source} has run out. Import from {source} to activate it again."  # P 0
    ),
    "export-not-offered": "{source} cannot take vouchers from here. Write a file instead.",
    "export-nothing": "{name} has nothing to export for the year that begins {year}. Make closing entries first.",
    "export-blocked": "Nothing was sent: the checks found what stops every entry. Correct it, then export again.",
    "export-warnings": "Nothing was sent: the checks have warnings. Read them, and accept them to export.",
    "export-active": (
        "Export {batch}, which {by} approved, is still under way for this company and year. Nothing was sent. Wait "
        "until it has ended."
    ),
    "export-unknown": "There is no export {batch}. Choose one of the list.",
    "approval-used": "This approval belongs to another engagement. Begin the export again.",
    "export-lease-lost": "Another process works on export {batch} now. Look there how it stands.",
    "export-other-company": (
        "The connection to {source} is not to the company for which the export was approved. Nothing more was sent. "
        "Connect the right company, then export again."
    ),
    "export-payload-changed": (
        "{entry} is not what was approved, so it was not sent. Verify the data folder (closing verify), then export "
        "again."
    ),
    "export-entry-changed": (
        "{entry} was changed after the export was approved, so it was not sent. Look at it, then export again."
    ),
    "export-stalled": "The program stood still for so long that nothing was sent. The export goes on by itself.",
    "export-attempts-used": "The voucher was sent three times and is not booked. Find out why, then export again.",
    "export-broken-off": "The export was stopped. Export again to send the rest.",
    "export-look-incomplete": (
        "The vouchers changed while they were read, so nothing could be concluded. The source is asked again."
    ),
    "export-after-restore": (
        "A backup was restored just now. What had been sent before may still be on its way, so nothing is sent yet."
    ),
    "export-interrupted": "The program ended while the voucher was sent.",
    "export-no-answer": "The answer was lost.",
    "export-other-voucher": "The answer was about another voucher than the one that was sent.",
    "export-booked-twice": "The voucher is there more than once.",
    "export-unsure": "Nobody can tell whether a voucher without mark is this one.",
    "export-voucher-prepared": "{entry} is not sent yet.",
    "export-voucher-sending": "{entry} is being transferred.",
    "export-voucher-booked": "{entry} is booked as {place}.",
    "export-voucher-found": "{entry} is booked as {place}: it was found in {source} without being sent again.",
    "export-voucher-changed": (
        "{entry} is booked as {place}, but {source} has other lines than were sent. Compare, and correct it there or "
        "by another entry."
    ),
    "export-voucher-not-sent": "{entry} was not sent: the export stopped before it. Export it again.",
    "export-voucher-unknown": (
        "{entry} is unclear: the answer was lost, so it may or may not be booked. It is not sent again before "
        "{source} has been asked, at {time}."
    ),
    "export-voucher-twice": (
        "{entry} is in {source} more than once: {found}. Keep one; take the others back by the proposed reversal."
    ),
    "export-voucher-unsure": (
        "{entry}: nobody can tell whether it is booked in {source} ({found}). Look there, then mark it as transferred "
        "or export it again."
    ),
    "export-batch-completed": "{booked} of {of} transferred to {source}.",
    "export-batch-completed-looking": (
        "{booked} of {of} transferred to {source}. An answer was lost on the way, so {source} is asked once more for "
        "doubles at {time}: closing export resume."
    ),
    "export-batch-stopped": "{booked} of {of} transferred to {source}. The export stopped at the first failure.",
    "export-batch-needs-human": "{booked} of {of} transferred to {source}. Something there must be decided by you.",
    "export-batch-waiting": ("{booked} of {of} transferred to {source}. It goes on at {time}: closing export resume."),
    "export-batch-running": (
        "{booked} of {of} transferred to {source}. {by}'s export is at work; if its program has died, it can be taken "
        "over at {time}: closing export resume."
    ),
    "export-batch-to-resume": "{booked} of {of} transferred to {source}. It can go on: closing export resume.",
}
