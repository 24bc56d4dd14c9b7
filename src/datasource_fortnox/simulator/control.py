"""The control API under ``/_sim``, on a port of its own: clock, plan, edits, ledger, totals, requests, switches."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from datasource_fortnox.simulator.company import Company
from datasource_fortnox.simulator.dump import company_dump
from datasource_fortnox.simulator.edits import EditError, apply
from datasource_fortnox.simulator.faults.actions import PlanError
from datasource_fortnox.simulator.switches import SwitchError
from datasource_fortnox.simulator.totals import totals
from datasource_fortnox.simulator.world import World

__all__ = ["create_control"]

Handler = Callable[[World, dict[str, str], Any], Any]


def _clock(world: World, query: dict[str, str], body: Any) -> Any:
    return {"now": world.clock.now().isoformat(), "running": world.clock.running, "pending": world.pending}


def _advance(world: World, query: dict[str, str], body: Any) -> Any:
    world.clock.advance(float(body.get("seconds", 0)) + 86400 * float(body.get("days", 0)))
    return _clock(world, query, body)


def _set_clock(world: World, query: dict[str, str], body: Any) -> Any:
    world.clock.set(body["now"])
    return _clock(world, query, body)


def _plan(world: World, query: dict[str, str], body: Any) -> Any:
    rules = [{"fault": rule.action.name, "seen": rule.seen, "struck": rule.struck} for rule in world.faults.rules]
    return {"rules": rules}


def _load_plan(world: World, query: dict[str, str], body: Any) -> Any:
    world.faults.load(body)
    return _plan(world, query, body)


def _clear_plan(world: World, query: dict[str, str], body: Any) -> Any:
    world.faults.clear()
    return _plan(world, query, body)


def _edit(world: World, query: dict[str, str], body: Any) -> Any:
    edits = body if isinstance(body, list) else [body]
    return {"results": [apply(world, edit) for edit in edits]}


def _asked(world: World, query: dict[str, str]) -> list[Company]:
    if "tenant" in query:
        return [world.companies[int(query["tenant"])]]
    return list(world.companies.values())


def _ledger(world: World, query: dict[str, str], body: Any) -> Any:
    year = int(query["financialyear"]) if "financialyear" in query else None
    return {"companies": [company_dump(company, year) for company in _asked(world, query)]}


def _totals(world: World, query: dict[str, str], body: Any) -> Any:
    return {
        str(company.tenant): {str(year.id): totals(year).as_dict() for year in company.years.values()}
        for company in _asked(world, query)
    }


def _open_items(world: World, query: dict[str, str], body: Any) -> Any:
    day = date.fromisoformat(query["date"])
    (company,) = _asked(world, query)
    return {
        side: {str(number): amount for number, amount in ledger.open_items(day).items()}
        for side, ledger in (("receivables", company.receivables), ("payables", company.payables))
    }


def _requests(world: World, query: dict[str, str], body: Any) -> Any:
    return world.log.as_dict(float(query.get("window_s", "5")))


def _clear_requests(world: World, query: dict[str, str], body: Any) -> Any:
    world.log.clear()
    return world.log.as_dict()


def _switches(world: World, query: dict[str, str], body: Any) -> Any:
    return world.switches.as_dict()


def _change_switches(world: World, query: dict[str, str], body: Any) -> Any:
    return world.change_switches(body).as_dict()


def _companies(world: World, query: dict[str, str], body: Any) -> Any:
    return {
        "companies": [
            {
                "tenant": company.tenant,
                "name": company.name,
                "organisation_number": company.organisation_number,
                "years": {str(y.id): [y.start.isoformat(), y.end.isoformat()] for y in company.years.values()},
                "not_held": company.not_held,
            }
            for company in world.companies.values()
        ],
        "users": [
            {"login": user.login, "password": user.password, "companies": dict(user.companies)}
            for user in world.oauth.users.values()
        ],
        "clients": [
            {"client_id": client.client_id, "secret": client.secret} for client in world.oauth.clients.values()
        ],
    }


def _reset(world: World, query: dict[str, str], body: Any) -> Any:
    world.reset()
    return _clock(world, query, body)


ROUTES: dict[tuple[str, str], Handler] = {
    ("GET", "/_sim/clock"): _clock,
    ("POST", "/_sim/clock/advance"): _advance,
    ("POST", "/_sim/clock/set"): _set_clock,
    ("GET", "/_sim/plan"): _plan,
    ("POST", "/_sim/plan"): _load_plan,
    ("DELETE", "/_sim/plan"): _clear_plan,
    ("POST", "/_sim/ledger/edit"): _edit,
    ("GET", "/_sim/ledger"): _ledger,
    ("GET", "/_sim/totals"): _totals,
    ("GET", "/_sim/open-items"): _open_items,
    ("GET", "/_sim/requests"): _requests,
    ("DELETE", "/_sim/requests"): _clear_requests,
    ("GET", "/_sim/switches"): _switches,
    ("PATCH", "/_sim/switches"): _change_switches,
    ("GET", "/_sim/companies"): _companies,
    ("POST", "/_sim/reset"): _reset,
}


def create_control(world: World) -> Starlette:
    """The control API as an ASGI application; mistakes in a request answer 400 with ``{"problem": text}``."""

    def endpoint(handler: Handler) -> Callable[[Request], Any]:
        async def answer(request: Request) -> Response:
            raw = await request.body()
            try:
                content = json.loads(raw) if raw else {}
                with world.lock:
                    world.settle()
                    return JSONResponse(handler(world, dict(request.query_params), content))
            except (EditError, PlanError, SwitchError, KeyError, ValueError, TypeError) as error:
                return JSONResponse({"problem": str(error) or repr(error)}, 400)

        return answer

    return Starlette(
        routes=[Route(path, endpoint(handler), methods=[method]) for (method, path), handler in ROUTES.items()]
    )
