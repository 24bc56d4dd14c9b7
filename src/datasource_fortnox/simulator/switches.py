"""What nobody knows about Fortnox, as switches with the suggested defaults of F 12."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields, replace
from typing import Any, Literal, get_args, get_type_hints

__all__ = ["SwitchError", "Switches"]

UNVERIFIED = 2009000
"""Start of the placeholder codes: no source tells the real ones (F 3.7, U). Clients must not branch on them."""


class SwitchError(ValueError):
    """No such switch, or no such value for it."""


@dataclass(frozen=True)
class Switches:
    """One field per unknown. Numbers in brackets are rows of F 12; the rest is unknown or disputed elsewhere in F."""

    # Rate limit (F 2, F 12 [1])
    limiter_time: Literal["real", "clock"] = "real"
    """Which time the sliding window is measured in: the machine's monotonic clock or the simulated one."""
    rate_max: int = 25
    rate_window_s: float = 5.0
    rate_key: Literal["client_and_tenant", "token"] = "client_and_tenant"
    """The guide says client and tenant, the specification's introduction says token (D, contradictory)."""
    throttled_requests_count: bool = True
    """Refused requests also fill the window, so hammering prolongs the refusal (O)."""
    rate_body: Literal["text", "empty", "message", "error_information"] = "text"
    retry_after: int | None = None

    # Codes that no source states (F 3.7, F 12 [2])
    code_unbalanced: int = UNVERIFIED + 1
    code_series_missing: int = UNVERIFIED + 2
    code_series_not_manual: int = UNVERIFIED + 3
    code_year_missing: int = UNVERIFIED + 4
    code_year_mismatch: int = UNVERIFIED + 5
    code_account_inactive: int = UNVERIFIED + 6
    code_object: int = UNVERIFIED + 7
    """Unknown cost centre or project, inactive project, project mandatory."""
    code_read_only: int = UNVERIFIED + 8
    error_code_as_text: bool = False
    """Codes as JSON strings (F 3.6, C)."""

    # SIE (F 4.2, F 12 [3])
    sie_content_type: str = "application/octet-stream"
    sie_encoding: Literal["cp437", "utf-8"] = "cp437"
    sie_form: Literal["2025", "2011"] = "2025"
    sie_previous_year_balances: bool = False
    """Also write #IB -1, #UB -1 and #RES -1; no Fortnox file seen does (F 4.3, C)."""
    sie_export_all: bool = False
    """Whether accounts without use are written when the request does not say (`exportall`)."""

    # Vouchers (F 12 [4], [13])
    voucher_year_without_parameter: Literal["by_date", "preselected"] = "by_date"
    lastmodified_spans_years: bool = False
    comments_in_voucher_list: bool = True
    """T 6.1: one model has Comments in the list, an older sample lacks it."""
    next_number_visible: bool = True
    """Whether a single series states NextVoucherNumber (T 6.3)."""
    voucher_delete: Literal["refused", "last_of_series"] = "refused"
    reuse_deleted_numbers: bool = False
    list_lag_s: float = 0.0
    """Vouchers younger than this (simulated seconds) are not yet in lists (T 4.2)."""
    payment_voucher_reference: Literal["payment", "invoice"] = "payment"
    """What ReferenceNumber of a payment's voucher names."""

    # Sub-ledgers (F 6, F 12 [5])
    supplier_unpaid: Literal["all", "overdue"] = "all"
    supplier_dates_accepted: bool = True
    supplier_balance_in_list: bool = True
    """F 9.27 (C): sometimes absent."""
    foreign_amounts: Literal["invoice_currency", "sek"] = "invoice_currency"
    """Unit of Total and Balance of a foreign invoice (U)."""
    credit_note_sets_off: bool = False
    """Booking a credit note reduces its original at once, without any payment (U)."""

    # Permissions (F 12 [6], [9])
    permission_status: int = 403
    locked_period_scope: str = "settings"
    locked_period_empty: Literal["null", "absent"] = "null"
    missing_module_at: Literal["consent", "call"] = "consent"
    """Where a missing module shows: on the redirect, or as 2001101 at the first call."""
    missing_module_error: str = "error_missing_app_license"

    # OAuth (F 1, F 12 [7], [8], [10])
    missing_consent_status: int = 400
    pkce: Literal["ignore", "check"] = "ignore"
    refresh_kills_access_tokens: bool = False
    revocation_kills_access_tokens: bool = False
    replay_revokes_family: bool = False
    reauthorisation_kills_old_tokens: bool = False
    refresh_token_days: int = 45
    refresh_without_offline: Literal["usable", "one_hour", "absent"] = "one_hour"
    """What a connection without access_type=offline gets (F 1.1, C)."""

    # Lists (F 12 [11], [12])
    total_over_report: int = 0
    """Added to @TotalResources of filtered lists (C, seen live)."""
    page_past_end: Literal["empty", "error"] = "empty"
    strict_parameters: bool = True
    """Refuse unknown query parameters with 2000588 (D text)."""

    def changed(self, changes: Mapping[str, Any]) -> Switches:
        """A copy with ``changes``; raises `SwitchError` naming the switch that does not exist or fit."""
        hints = get_type_hints(Switches)
        for name, value in changes.items():
            if name not in hints:
                raise SwitchError(f"no switch {name!r}")
            allowed = get_args(hints[name])
            if any(isinstance(choice, str) for choice in allowed):
                if value not in allowed:
                    raise SwitchError(f"{name} is one of {', '.join(map(str, allowed))}, not {value!r}")
            elif not isinstance(value, _accepted(hints[name], allowed)):
                raise SwitchError(f"{name} cannot be {value!r}")
        return replace(self, **changes)

    def as_dict(self) -> dict[str, Any]:
        """Every switch with its value."""
        return asdict(self)

    @staticmethod
    def names() -> list[str]:
        """The names of all switches, in order."""
        return [field.name for field in fields(Switches)]


def _accepted(hint: Any, alternatives: tuple[Any, ...]) -> tuple[type, ...]:
    kinds = alternatives or (hint,)
    return (*kinds, int) if float in kinds else tuple(kinds)
