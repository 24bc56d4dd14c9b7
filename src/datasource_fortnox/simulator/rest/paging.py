"""Lists: sorting, paging and MetaInformation as recorded (F 3.2, F 3.3)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, TypeVar

from datasource_fortnox.simulator.errors import invalid, missing
from datasource_fortnox.simulator.exchange import Reply
from datasource_fortnox.simulator.rest.call import LIST_PARAMETERS, Call

__all__ = ["listing"]

T = TypeVar("T")

_NOT_FILTERS = {*LIST_PARAMETERS} - {"lastmodified"}


def listing(
    call: Call,
    key: str,
    items: Iterable[T],
    shape: Callable[[T], dict[str, Any]],
    sort: Mapping[str, Callable[[T], Any]],
) -> Reply:
    """One page of ``items``; the first field of ``sort`` is the default order.

    An offset beyond the end answers TotalResources 0 (R); a page beyond it an empty list (I, switch).
    """
    found = sorted(items, key=_order(call, sort), reverse=_descending(call))
    limit = call.number("limit", 100, least=1, most=500)
    page = call.number("page", 1, least=1)
    offset = call.number("offset", (page - 1) * limit, least=0)
    total = len(found)
    if "offset" in call.query and offset >= total:
        total = 0
    elif page > 1 and offset >= total and call.switches.page_past_end == "error":
        raise missing("route")
    if not _NOT_FILTERS.issuperset(call.query):
        total += call.switches.total_over_report
    meta = {
        "@TotalResources": total,
        "@TotalPages": -(-total // limit),
        "@CurrentPage": page if "offset" not in call.query else offset // limit + 1,
    }
    return Reply.json({"MetaInformation": meta, key: [shape(item) for item in found[offset : offset + limit]]})


def _order(call: Call, sort: Mapping[str, Callable[[T], Any]]) -> Callable[[T], Any]:
    name = call.query.get("sortby", next(iter(sort)))
    if name not in sort:
        raise invalid(2000588, "Ogiltig parameter i anropet.")
    return sort[name]


def _descending(call: Call) -> bool:
    order = call.query.get("sortorder", "ascending")
    if order not in {"ascending", "descending"}:
        raise invalid(2000588, "Ogiltig parameter i anropet.")
    return order == "descending"
