"""One exchange with the world: log, fault, execution, reply. Every front (ASGI, transport, proxy) goes through here."""

from __future__ import annotations

import asyncio
import hashlib
from dataclasses import dataclass

from datasource_fortnox.simulator.core import Admitted, admit, caller
from datasource_fortnox.simulator.exchange import Incoming, Reply
from datasource_fortnox.simulator.faults.actions import Action, Ending
from datasource_fortnox.simulator.faults.reshape import reshape
from datasource_fortnox.simulator.request_log import LoggedRequest
from datasource_fortnox.simulator.world import World

__all__ = ["Served", "matched", "pause", "serve"]


@dataclass(frozen=True)
class Served:
    """What the client is to see: ``reply`` is what Fortnox made, ``ending`` how the front has to spoil it."""

    reply: Reply
    ending: Ending = Ending.NORMAL
    action: Action | None = None


def matched(world: World, incoming: Incoming) -> Action | None:
    """The planned fault for this request; asks the plan once, so call it once per request."""
    with world.lock:
        world.settle()
        return world.faults.match(incoming, caller(world, incoming)[1])


async def pause(world: World, seconds: float) -> None:
    """Let time pass: simulated on a frozen clock, real on a running one."""
    if seconds <= 0:
        return
    if world.clock.running:
        await asyncio.sleep(seconds)
    else:
        world.clock.advance(seconds)


def serve(world: World, incoming: Incoming, action: Action | None) -> Served:
    """Execute the request as often as the fault says, log it, and form the reply."""
    with world.lock:
        world.settle()
        entry = _entry(world, incoming, action)
        world.log.entries.append(entry)
        if action is None:
            reply = _execute(world, incoming)
            entry.status = reply.status
            return Served(reply)
        reply = _committed(world, incoming, action)
        if action.ending is Ending.ANSWER:
            headers = {**reply.headers, **action.headers} if action.commits else dict(action.headers)
            reply = Reply(action.status, action.body.encode(), action.content_type, headers)
        elif action.ending is Ending.CHANGED:
            reply = reshape(world, action, reply)
        if not action.ending.wire:
            entry.status = reply.status
        return Served(reply, action.ending, action)


def _execute(world: World, incoming: Incoming) -> Reply:
    admitted = admit(world, incoming)
    return admitted if isinstance(admitted, Reply) else _run(world, incoming, admitted)


def _committed(world: World, incoming: Incoming, action: Action) -> Reply:
    """Once, never, twice, or later: a late commit is executed without asking for token and limit again.

    Twice and later is once now, with its answer, and the replay when its time has come.
    """
    if action.commits == 0:
        return Reply(200)
    if action.change == "replay_revokes_family":
        world.change_switches({"replay_revokes_family": True})
    admitted = admit(world, incoming)
    if isinstance(admitted, Reply):
        return admitted
    if action.commit_after_s is not None:
        reply = _run(world, incoming, admitted) if action.commits > 1 else Reply(200)
        world.later(action.commit_after_s, lambda: _run(world, incoming, admitted))
        return reply
    replies = [_run(world, incoming, admitted) for _ in range(action.commits)]
    return replies[0]


def _run(world: World, incoming: Incoming, admitted: Admitted) -> Reply:
    reply = admitted.run()
    world.faults.executed(incoming)
    return reply


def _entry(world: World, incoming: Incoming, action: Action | None) -> LoggedRequest:
    client, tenant = caller(world, incoming)
    grant = incoming.form.get("grant_type", "") if incoming.path == "/oauth-v1/token" else ""
    return LoggedRequest(
        len(world.log.entries) + 1,
        incoming.method,
        incoming.path,
        incoming.query_string if incoming.path.startswith("/3/") else "",
        tenant,
        client,
        grant,
        world.window.now(),
        world.clock.now().isoformat(),
        hashlib.sha256(incoming.body).hexdigest(),
        fault=action.name if action else "",
    )
