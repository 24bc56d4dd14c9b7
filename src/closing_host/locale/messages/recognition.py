"""Words of recognition: which closing entries the imported books hold."""

from collections.abc import Mapping
from typing import Final

MESSAGES: Final[Mapping[str, str]] = {
    "recognised-excluded": "{entry} is in the books as {voucher}. It is counted there and no longer beside them.",
    "recognised-back": "{entry} is in the books again as {voucher}. It is counted there and no longer beside them.",
    "recognised-after-all": (
        "{entry} had not been noted as transferred, but the books hold it as {voucher}. It is counted there; look "
        "at the voucher before you export anything else."
    ),
    "recognised-renumbered": "{entry} was booked as {before} and is now {voucher}. The new number is kept.",
    "recognised-changed": (
        "{entry} was changed in the source: {voucher} is no longer what was sent. The books win; correct by "
        "another entry if the change is wrong."
    ),
    "recognised-missing": (
        "{entry} is missing in the source: neither its number nor its mark is there. It counts here until you "
        "choose to export it again, or that it is not for transfer."
    ),
    "recognised-double": (
        "{entry} is in the source more than once: {vouchers}. The books count every one of them. Reverse all but "
        "one, or accept the books as they are."
    ),
    "recognised-unsure": (
        "{entry} cannot be told for certain: its number {voucher} holds another voucher, and none has its mark. "
        "Look in the source, then accept the books as they are or export it again."
    ),
    "recognised-number-taken": (
        "{entry}: its number {voucher} holds another voucher, and nobody could be asked for its mark. It stays as it "
        "was; import from the source to know."
    ),
    "recognised-undecided": (
        "{entry} may be booked twice, and nobody has decided yet. Look in the source, then settle it."
    ),
    "recognised-in-source": (
        "{entry} is in the source as {voucher}, but not in these books. It counts until they show it."
    ),
    "recognised-open": (
        "{entry} is not in these books, and nobody could be asked whether it is gone. It counts here; "
        "import from the source or a newer file to know."
    ),
    "recognised-lookalike": (
        "The books hold what looks like {entry}: {vouchers}. Nothing proves that it is the same, so it is counted "
        "there and not recognised. Look at the voucher; it may be booked twice."
    ),
    "recognition-look-incomplete": (
        "{source} changed the list of series {series} while it was read, so it proves nothing. Import again."
    ),
    "recognition-many-series": (
        "Closing entries would have to be looked for in {count} voucher series; {limit} are asked at one import."
    ),
    "recognition-not-asked": (
        "The source could not be asked which vouchers are closing entries. The books were imported; what they do "
        "not show by themselves stays as it was. Import again later."
    ),
    "entry-in-books-twice": (
        "{entry} is in the books more than once ({vouchers}), so it is not exported again. Reverse all but one."
    ),
    "entry-not-double": "{entry} is not in doubt, so there is nothing to settle. Look at it again.",
    "entry-double-not-imported": (
        "No import has shown yet which vouchers {entry} is about. Import from the source, then settle it."
    ),
    "entry-settle-how": (
        "State how {entry} is settled: --accept when the books are right as they are, --reverse to take back every "
        "voucher too many. When it is not there at all: closing entries again."
    ),
}
