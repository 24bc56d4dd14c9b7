"""Why Fortnox refused a voucher, in our words: by its code, or by its words where no source tells the code (F 3.7).

Whatever is not known here is shown in Fortnox's own words. No refusal depends on being understood.
"""

import re
from collections.abc import Callable, Mapping
from typing import Final

from closing_host.api.context import ExportRequest
from closing_host.api.errors import ClosingError
from closing_host.api.vouchers import DraftRow, Rejected
from datasource_fortnox.client import FortnoxClient
from datasource_fortnox.errors import PERMISSIONS
from datasource_fortnox.posting_outcomes import Refusal
from datasource_fortnox.posting_records import COST_CENTRE, PROJECT

_BY_NUMBER: Final[Mapping[int, str]] = {
    2000107: "fortnox-value-too-long",
    2000359: "fortnox-text-characters",
    2000401: "fortnox-period-locked",
    2000423: "fortnox-account-missing",
    2000550: "fortnox-account-inactive",
    2000946: "fortnox-cost-centre-mandatory",
    2000947: "fortnox-cost-centre-inactive",
    2001161: "fortnox-project-missing",
    2001304: "fortnox-account-missing",
    2002141: "fortnox-period-locked",
    **PERMISSIONS,
}

_BY_WORDS: Final = tuple(
    (re.compile(pattern, re.IGNORECASE), code)
    for pattern, code in (
        (r"låst perioden|perioden är låst", "fortnox-period-locked"),
        (r"serien är inte manuell", "fortnox-series-not-manual"),
        (r"serien .*finns inte|ogiltig verifikationsserie", "fortnox-series-missing"),
        (r"konto .*inte aktivt", "fortnox-account-inactive"),
        (r"konto .*finns inte", "fortnox-account-missing"),
        (r"räkenskapsår.* saknas|saknas? .*räkenskapsår", "fortnox-year-missing"),
        (r"utanför .*räkenskapsår", "fortnox-date-outside-year"),
        (r"balanserar inte|inte balanserad", "fortnox-unbalanced"),
        (r"kostnadsställe.* måste anges", "fortnox-cost-centre-mandatory"),
        (r"kostnadsställe.* inte aktivt", "fortnox-cost-centre-inactive"),
        (r"kostnadsställe.* finns inte", "fortnox-cost-centre-missing"),
        (r"projekt.* måste anges", "fortnox-project-mandatory"),
        (r"projekt.* inte aktivt", "fortnox-project-inactive"),
        (r"projekt.* finns inte", "fortnox-project-missing"),
        (r"otillåtna tecken|ej tillåtna tecken", "fortnox-text-characters"),
        (r"attest", "fortnox-attest"),
    )
)

_Concerned = Callable[[DraftRow], str]

_ROWS_OF: Final[Mapping[str, _Concerned]] = {
    "fortnox-account-missing": lambda row: row.account,
    "fortnox-account-inactive": lambda row: row.account,
    "fortnox-cost-centre-missing": lambda row: dict(row.objects).get(COST_CENTRE, ""),
    "fortnox-cost-centre-inactive": lambda row: dict(row.objects).get(COST_CENTRE, ""),
    "fortnox-project-missing": lambda row: dict(row.objects).get(PROJECT, ""),
    "fortnox-project-inactive": lambda row: dict(row.objects).get(PROJECT, ""),
    "fortnox-cost-centre-mandatory": lambda row: "" if COST_CENTRE in dict(row.objects) else row.account,
    "fortnox-project-mandatory": lambda row: "" if PROJECT in dict(row.objects) else row.account,
}
"""What a refusal is about in each row that it can be about."""


async def rejected(fortnox: FortnoxClient, request: ExportRequest, year: int, refusal: Refusal) -> Rejected:
    """The refusal with the rows that it is about. Asks for the year's accounts when Fortnox does not name one."""
    code = _code(refusal)
    voucher = request.voucher
    told: dict[str, object] = {"series": request.series, "date": voucher.date, "resource": "vouchers"}
    if code in _ROWS_OF:
        rows = {n: about for n, row in enumerate(voucher.rows, 1) if (about := _ROWS_OF[code](row))}
        named = {n: about for n, about in rows.items() if re.search(rf"\b{re.escape(about)}\b", refusal.message)}
        if not named and code.startswith("fortnox-account-"):
            usable = await _usable_accounts(fortnox, year)
            named = {n: about for n, about in rows.items() if usable and about not in usable}
        told |= _places(named or rows)
    if code == "fortnox-text-characters":
        texts = "".join((voucher.text, *(row.text for row in voucher.rows)))
        told["characters"] = " ".join(sorted({each for each in texts if not _plain(each)}))
    return Rejected(code, f"Fortnox {refusal.number}: {refusal.message}", told)


def _code(refusal: Refusal) -> str:
    if refusal.number in _BY_NUMBER:
        return _BY_NUMBER[refusal.number]
    return next((code for words, code in _BY_WORDS if words.search(refusal.message)), "fortnox-voucher-refused")


def _places(rows: Mapping[int, str]) -> dict[str, object]:
    return {"row": ", ".join(map(str, rows)), "what": ", ".join(dict.fromkeys(rows.values()))}


async def _usable_accounts(fortnox: FortnoxClient, year: int) -> frozenset[str]:
    """The accounts that may be booked on; none when they cannot be read, which must not change what happened."""
    try:
        return frozenset(str(each.number) for each in (await fortnox.accounts(year)).items if each.active)
    except ClosingError:
        return frozenset()


def _plain(character: str) -> bool:
    """Whether Fortnox is known to take it: what Latin-1 has, the middle dot and control characters apart (F 3.5)."""
    return character.isprintable() and character <= "ÿ" and character != "·"
