"""Words of what breaks the structure of a SIE file, and of what had to be changed when one was written."""

from collections.abc import Mapping
from typing import Final

MESSAGES: Final[Mapping[str, str]] = {
    "sie-record-missing": (
        "#{label} is missing; a SIE {form} file must have it. Ask whoever made the file for a complete export."
    ),
    "sie-first-record-wrong": (
        "The first record is #{label} and should be #FLAGGA. The file may be cut at its beginning; export it again."
    ),
    "sie-record-forbidden": (
        "#{label} × {count}: a SIE {form} file may not hold them. They were read all the same; check that the "
        "file is of the type that you asked for."
    ),
    "sie-record-misplaced": (
        "#{label} × {count}: they stand behind records that should come after them. They were read all the same; "
        "some programs refuse such a file, so export it again if it is to be handed on."
    ),
    "sie-checksum-misplaced": (
        "#KSUMMA stands elsewhere than second and last. Export the file again if its control sum is needed."
    ),
    "sie-written-text-replaced": (
        "#{label} × {count}, field {field}: SIE cannot hold the text as it is; it was written “{written}”. Change"
        " the text in the source if the wording matters."
    ),
    "sie-written-codes-merged": (
        "#{label} × {count}, field {field}: SIE cannot hold the code as it is; it was written “{written}”, as "
        "another code is. The two cannot be told apart in the file; change one of them in the source."
    ),
    "sie-written-value-missing": (
        "#{label} × {count}: the mandatory field {field} is empty, because the books do not state it. Correct the"
        " vouchers in the source before you hand the file over."
    ),
    "sie-written-record-left-out": (
        "#{label} × {count}: left out, because a file of this SIE type does not hold them. Choose type 4 to keep "
        "everything."
    ),
    "sie-written-record-missing": (
        "#{label} is mandatory in a file of this SIE type and the books do not state it. Choose another type, or "
        "add it before you hand the file over."
    ),
    "sie-written-vouchers-falling": (
        "Vouchers × {count}, first {voucher}: the number is not higher than the one before in the series. They "
        "were written in the order of the books; some programs refuse such a file. Sort them in the source if "
        "yours does."
    ),
}
