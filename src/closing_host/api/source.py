"""What a source says about itself: `SourceInfo`, returned by `describe_source`. Pure data, no I/O."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from pydantic import BaseModel

Version = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Origin:
    """An origin that the source calls: `https://host[:port]`, fixed or named by an installation setting.

    Exactly one of `fixed` and `setting` is given. `authorization` marks the one that users are sent to for login
    (it feeds the pages' `form-action`). Plain `http` is accepted for loopback only.
    """

    fixed: str = ""
    setting: str = ""
    authorization: bool = False


def from_setting(field_name: str, *, authorization: bool = False) -> Origin:
    """An origin that the installation's settings name, resolved by the host."""
    return Origin(setting=field_name, authorization=authorization)


@dataclass(frozen=True, slots=True)
class RateLimit:
    """At most `calls` in any `seconds`, counted by the source per application and company.

    `application` names the installation fields that identify the application (such as the client id); the host
    keeps one shared pace per value of these and the connected account.
    """

    calls: int
    seconds: float
    application: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Files:
    """The source reads files: the host shows an upload, routes dropped files and fills `request.file`.

    `suffixes` in lower case with the dot. `recognises` is pure and sees the first 4096 bytes.
    """

    suffixes: tuple[str, ...]
    recognises: Callable[[bytes], bool]


@dataclass(frozen=True, slots=True)
class SourceInfo:
    """A data source as the host shows it.

    `name` is the product's own name. `contract`: from this version, before that one; not stated means contract 1,
    also to later hosts. `installation` is filled in once by whoever runs the host (application id, secret,
    addresses), `engagement` per client; every field of the latter has a default, and if all have, no form is shown.
    `cannot_hold`: see `ledger.FINANCIAL_DATA`. `idempotent`: exporting a voucher twice books it once, so the host
    need not look before it sends again. `package` holds the source's `locale/` and `help/<language>.md`; "" when it
    has none. The help is CommonMark without HTML and images; a heading that ends in `{#name}` gets that anchor. The
    pages lead to `#thirty-days`, where a source whose logins run out says how to make them good again.
    """

    name: str
    contract: tuple[Version, Version] = ((1, 0), (2, 0))
    installation: type[BaseModel] | None = None
    engagement: type[BaseModel] | None = None
    hosts: tuple[Origin, ...] = ()
    rate_limit: RateLimit | None = None
    files: Files | None = None
    cannot_hold: frozenset[str] = frozenset()
    idempotent: bool = False
    links: Mapping[str, str] = field(default_factory=dict)
    package: str = ""
