"""Which records each SIE type must, may and must not hold, and in which of four groups they stand (SIE 1.4, 1.5)."""

from typing import Final, Literal

Form = Literal["1", "2", "3", "4E", "4I"]
"""The type with its two kinds of 4: E is the whole books, I vouchers from a feeder system."""

FORMS: Final[tuple[Form, ...]] = ("1", "2", "3", "4E", "4I")

Demand = Literal["must", "if any", "may", "never"]
"""`if any`: must be there when there is a value to state, so its absence alone proves no fault."""

_DEMANDS: Final[dict[str, Demand]] = {"M": "must", "v": "if any", "o": "may", "-": "never"}

_TABLE: Final = """
    FLAGGA   1 MMMMM
    PROGRAM  2 MMMMM
    FORMAT   2 MMMMM
    GEN      2 MMMMM
    SIETYP   2 oMMMM
    FNAMN    2 MMMMM
    PROSA    2 ooooo
    FTYP     2 ooooo
    FNR      2 ooooo
    ORGNR    2 ooooo
    BKOD     2 oooo-
    ADRESS   2 ooooo
    RAR      2 MMMMo
    TAXAR    2 ooooo
    OMFATTN  2 -MMo-
    KPTYP    2 ooooo
    VALUTA   2 ooooo
    KONTO    3 MMMMo
    KTYP     3 ooooo
    ENHET    3 ooooo
    SRU      3 vvooo
    DIM      3 --voo
    UNDERDIM 3 --voo
    OBJEKT   3 --voo
    IB       4 vvvv-
    UB       4 vvvv-
    OIB      4 --vo-
    OUB      4 --vo-
    RES      4 vvvv-
    PSALDO   4 -vvo-
    PBUDGET  4 -vvo-
    VER      4 ---oo
    TRANS    4 ---oo
    RTRANS   4 ---oo
    BTRANS   4 ---oo
"""
# #KSUMMA may stand in every type and belongs to no group: its two records frame the others.

GROUPS: Final[dict[str, int]] = {label: int(group) for label, group, _ in map(str.split, _TABLE.split("\n")[1:-1])}
"""Label without `#` to group: 1 #FLAGGA, 2 identification, 3 chart, 4 balances and vouchers."""

_BY_LABEL: Final = {label: letters for label, _, letters in map(str.split, _TABLE.split("\n")[1:-1])}


def demand(label: str, form: Form) -> Demand:
    """What `form` says of `label` (without `#`). Labels outside the table, such as KSUMMA, may stand anywhere."""
    letters = _BY_LABEL.get(label)
    return "may" if letters is None else _DEMANDS[letters[FORMS.index(form)]]
