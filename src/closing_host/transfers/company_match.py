"""Whether the company that a login reached is the engagement's (T A7, B25; P 7.7). Pure."""

from typing import Literal

from closing_host.api.authorization import Account
from closing_host.api.errors import WrongCompany
from closing_host.ledgers import organisation
from closing_host.storage.connections import ConnectionRecord
from closing_host.storage.engagements import Engagement

Match = Literal["same", "unknown"]


def compare(
    engagement: Engagement,
    source_id: str,
    account: Account,
    known: ConnectionRecord | None,
    holder: ConnectionRecord | None,
) -> Match:
    """ "same" when the organisation number, or the account that was connected before, says so; "unknown" when
    somebody must look, because engagement or source state no number.

    `known`: the engagement's connection so far; `holder`: the connection that holds the account now. Raises
    `WrongCompany` with both companies' numbers and names: `company-differs`, `account-differs` (the same number, but
    another of the source's companies than before) or `account-connected-elsewhere`.
    """
    if holder is not None and holder.engagement_id != engagement.id:
        raise WrongCompany("account-connected-elsewhere", name=account.name, engagement=holder.engagement_id)
    expected = engagement.organisation_number or ""
    found = organisation.normalise(account.organisation_number)
    if expected and found and expected != found:
        raise WrongCompany(
            "company-differs",
            expected=organisation.display(expected),
            expected_name=engagement.name,
            found=organisation.display(found),
            found_name=account.name,
        )
    connected = known is not None and known.ended_at is None and known.source_id == source_id
    if known is not None and connected and known.account.id != account.id:
        raise WrongCompany(
            "account-differs",
            expected=known.account.number or known.account.id,
            expected_name=known.account.name,
            found=account.number or account.id,
            found_name=account.name,
        )
    return "same" if (expected and found) or connected else "unknown"
