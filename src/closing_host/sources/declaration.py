"""Whether what a source declares can be true: checked once, when it is loaded."""

import dataclasses
import importlib.util
import re
from collections.abc import Collection
from typing import Final

from closing_host.api import CONTRACT_VERSION
from closing_host.api.errors import PluginFault
from closing_host.api.ledger import FINANCIAL_DATA
from closing_host.api.source import Origin, RateLimit, SourceInfo
from closing_host.locale import LANGUAGES, Words, english_by_code
from closing_host.sources.problems import Refused

_PAIR: Final = 2
_HEADER: Final = re.compile(r"[A-Za-z0-9-]+")
_IN_HEADER: Final = re.compile(r"[!-~ ]*")


def check_contract(answer: object) -> None:
    """Compare the contract that the source is made for with ours, before anything else of the answer is looked at.

    Raises `Refused`: `contract-wrong`, `contract-too-new` or `contract-too-old`.
    """
    stated = getattr(answer, "contract", None)
    if not isinstance(answer, SourceInfo) or not _is_range(stated):
        raise Refused("contract-wrong", stated=repr(stated)[:80])
    since, before = answer.contract
    if since > CONTRACT_VERSION:
        raise Refused("contract-too-new", wanted=_text(since), ours=_text(CONTRACT_VERSION))
    if before <= CONTRACT_VERSION:
        raise Refused("contract-too-old", wanted=_text(before), ours=_text(CONTRACT_VERSION))


def check_declaration(info: SourceInfo, hooks: Collection[str]) -> None:
    """Hold the declaration against itself and the hooks. Raises `Refused` with a `declared-…` code."""
    if not info.name.strip():
        raise Refused("declared-no-name")
    if unknown := info.cannot_hold - FINANCIAL_DATA:
        raise Refused("declared-data-unknown", names=", ".join(sorted(unknown)))
    if "export_voucher" in hooks and "find_vouchers" not in hooks and not info.idempotent:
        raise Refused("declared-export-blind")
    if info.files is not None:
        if "import_ledger" not in hooks:
            raise Refused("declared-files-unread")
        wrong = [each for each in info.files.suffixes if each != each.lower() or not each.startswith(".")]
        if wrong or not info.files.suffixes:
            raise Refused("declared-suffix-wrong", suffix=", ".join(wrong))
    for origin in info.hosts:
        _check_origin(info, origin)
    if info.rate_limit is not None:
        _check_rate_limit(info, info.rate_limit)
    if not (_HEADER.fullmatch(info.token_header.name) and _IN_HEADER.fullmatch(info.token_header.before)):
        raise Refused("declared-token-header-wrong", header=info.token_header.name)
    if info.package:
        _check_package(info)


def _is_range(stated: object) -> bool:
    return (
        isinstance(stated, tuple)
        and len(stated) == _PAIR
        and all(isinstance(pair, tuple) and len(pair) == _PAIR for pair in stated)
        and all(type(number) is int and number >= 0 for pair in stated for number in pair)
        and stated[0] < stated[1]
    )


def _text(version: tuple[int, int]) -> str:
    return f"{version[0]}.{version[1]}"


def _fields(info: SourceInfo) -> Collection[str]:
    return info.installation.model_fields if info.installation is not None else ()


def _check_origin(info: SourceInfo, origin: Origin) -> None:
    # A source that reads files shall not pay for the network.
    from closing_host.sources.origins import declared_origins  # noqa: PLC0415

    if bool(origin.setting) == bool(origin.fixed):
        raise Refused("declared-host-wrong", host=origin.fixed or origin.setting)
    if origin.setting and origin.setting not in _fields(info):
        raise Refused("declared-field-unknown", field=origin.setting)
    if origin.fixed:
        try:
            declared_origins(dataclasses.replace(info, hosts=(origin,)), None)
        except PluginFault:
            raise Refused("declared-host-wrong", host=origin.fixed) from None


def _check_rate_limit(info: SourceInfo, limit: RateLimit) -> None:
    if limit.calls < 1 or not 0 < limit.seconds < float("inf"):
        raise Refused("declared-rate-wrong", calls=limit.calls, seconds=limit.seconds)
    for field in limit.application:
        if field not in _fields(info):
            raise Refused("declared-field-unknown", field=field)


def _check_package(info: SourceInfo) -> None:
    if importlib.util.find_spec(info.package) is None:
        raise Refused("declared-package-missing", package=info.package)
    # Its words are wanted when something has gone wrong already; they must not be what fails then.
    for language in LANGUAGES:
        words = Words(language, lambda: (info.package,))
        for code in english_by_code(info.package):
            words.message(code, {})
