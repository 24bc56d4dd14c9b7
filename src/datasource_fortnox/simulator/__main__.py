"""``fortnox-simulator``: start the servers, print where they are, run until interrupted."""

from __future__ import annotations

import argparse
import threading
from collections.abc import Callable, Sequence
from pathlib import Path

from datasource_fortnox.simulator.clock import Clock
from datasource_fortnox.simulator.seeds import DEMO_COMPANIES
from datasource_fortnox.simulator.server import RunningSimulator, Simulator
from datasource_fortnox.simulator.sie_load import CannotLoad

__all__ = ["main"]


def _arguments(argv: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="fortnox-simulator", description="A local Fortnox on 127.0.0.1.")
    parser.add_argument("--port", type=int, default=8765, help="API and login pages (default 8765, 0 for a free one)")
    parser.add_argument("--control-port", type=int, default=8766, help="control API (default 8766)")
    parser.add_argument(
        "--proxy-port", type=int, default=8767, help="the same API through the fault proxy (default 8767)"
    )
    parser.add_argument("--seed", type=int, default=42, help="seed of ids, tokens and everyday amounts (default 42)")
    parser.add_argument("--now", help="start the clock at this moment (ISO, UTC) instead of the real time")
    parser.add_argument(
        "--frozen", action="store_true", help="let the clock stand still until the control API moves it"
    )
    parser.add_argument(
        "--company", action="append", metavar="FILE.se", help="a company from a SIE4 file instead of the demo companies"
    )
    return parser.parse_args(argv)


def _describe(running: RunningSimulator) -> str:
    lines = [
        f"API          {running.base_url}",
        f"Authorization {running.auth_url}",
        f"Control      {running.control_url}/_sim",
        f"Fault proxy  {running.proxy_url}",
        f"Client id    {running.client.client_id}",
        f"Secret       {running.client.secret}",
    ]
    for user in running.world.oauth.users.values():
        lines.append(f"User         {user.login} / {user.password}")
    for company in running.world.companies.values():
        lines.append(f"Company      {company.tenant} {company.name} ({company.organisation_number})")
        lines += [f"  not held   {what}" for what in company.not_held]
    return "\n".join(lines)


def main(argv: Sequence[str] | None = None, *, wait: Callable[[], object] | None = None) -> int:
    """Run until interrupted; 2 where a company file cannot be loaded or a port is taken."""
    options = _arguments(argv)
    clock = Clock.frozen(options.now) if options.now else Clock()
    clock.running = not options.frozen
    companies = [Path(name) for name in options.company] if options.company else DEMO_COMPANIES
    try:
        simulator = Simulator(options.seed, companies, clock=clock)
        with simulator.running(
            port=options.port, control_port=options.control_port, proxy_port=options.proxy_port
        ) as running:
            print(_describe(running), flush=True)
            (wait or threading.Event().wait)()
    except (CannotLoad, OSError, ValueError) as error:
        print(f"fortnox-simulator: {error}")
        return 2
    except KeyboardInterrupt:
        pass
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
