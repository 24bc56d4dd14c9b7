"""Replies that arrive whole but wrong: broken JSON, odd encodings, lying lists, odd tokens (T 4.3)."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from datasource_fortnox.simulator.exchange import Reply, json_bytes
from datasource_fortnox.simulator.faults.actions import Action, PlanError
from datasource_fortnox.simulator.oauth.tokens import decode, encode

if TYPE_CHECKING:
    from datasource_fortnox.simulator.world import World

__all__ = ["reshape"]


def reshape(world: World, action: Action, reply: Reply) -> Reply:
    """The reply as the fault's ``change`` leaves it; replies that are no JSON objects stay where JSON is needed."""
    if action.change in _BYTES:
        return replace(reply, body=_BYTES[action.change](reply.body))
    if action.change not in _OBJECTS:
        raise PlanError(f"no change {action.change!r}")
    try:
        content = json.loads(reply.body)
    except ValueError:
        return reply
    _OBJECTS[action.change](world, action.value, content)
    return replace(reply, body=json_bytes(content))


def _latin1(body: bytes) -> bytes:
    try:
        text = json.dumps(json.loads(body), ensure_ascii=False)
    except ValueError:
        return body
    return text.encode("latin-1", errors="replace")


_BYTES: dict[str, Callable[[bytes], bytes]] = {
    "malformed_json": lambda body: body[: max(len(body) - 3, 0)] + b',"',
    "truncated": lambda body: body[: len(body) // 2],
    "byte_order_mark": lambda body: b"\xef\xbb\xbf" + body,
    "latin1": _latin1,
    "not_a_number": lambda body: body.replace(b":0,", b":NaN,"),
}


def _items(content: dict[str, Any]) -> list[Any]:
    """The list of a list answer, or one of the single entity."""
    for value in content.values():
        if isinstance(value, list):
            return value
    return [value for value in content.values() if isinstance(value, dict)]


def _drop_field(world: World, name: Any, content: dict[str, Any]) -> None:
    content.pop(name, None)
    for item in _items(content):
        item.pop(name, None)


def _set_fields(world: World, fields: Any, content: dict[str, Any]) -> None:
    """Answers that were mixed up, or lost something on their way: what stands in them is not what stands in Fortnox."""
    for item in _items(content):
        item.update(fields)


def _expires_in(world: World, value: Any, content: dict[str, Any]) -> None:
    content["expires_in"] = value


def _other_tenant(world: World, value: Any, content: dict[str, Any]) -> None:
    token = decode(content.get("access_token", ""), world.oauth.key)
    if token is not None:
        others = sorted(set(world.companies) - {token.tenant}) or [token.tenant + 1]
        changed = replace(token, tenant=value if isinstance(value, int) else others[0])
        content["access_token"] = encode(changed, world.oauth.key)


def _reduced_scope(world: World, value: Any, content: dict[str, Any]) -> None:
    token = decode(content.get("access_token", ""), world.oauth.key)
    if token is not None:
        kept = token.scopes & frozenset(str(value).split())
        content["access_token"] = encode(replace(token, scopes=kept), world.oauth.key)
        content["scope"] = " ".join(sorted(kept))


def _repeat_first_page(world: World, value: Any, content: dict[str, Any]) -> None:
    items = _items(content)
    items[:] = items[: len(items) // 2] * 2


def _lose_last_item(world: World, value: Any, content: dict[str, Any]) -> None:
    del _items(content)[-1:]


def _unsorted(world: World, value: Any, content: dict[str, Any]) -> None:
    _items(content).reverse()


_OBJECTS: dict[str, Callable[[World, Any, dict[str, Any]], None]] = {
    "drop_field": _drop_field,
    "set_fields": _set_fields,
    "expires_in": _expires_in,
    "other_tenant": _other_tenant,
    "reduced_scope": _reduced_scope,
    "repeat_first_page": _repeat_first_page,
    "lose_last_item": _lose_last_item,
    "unsorted": _unsorted,
}
