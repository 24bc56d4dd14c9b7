"""The network between a process and the simulator, and what was seen of it on the way: the witness of G3 and G4."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

import httpx

from closing_host.storage.paces import PaceRow
from datasource_fortnox.simulator import SimulatorTransport, World
from export_world.death import Life
from export_world.witness import Journal

T = TypeVar("T")

SLOW = frozenset({"N7", "N8", "N9", "N14"})
"""Faults that end when the client gives up."""

CLIENT_SECONDS = 60.0


@dataclass(frozen=True)
class Sent:
    """One voucher on its way: the body as sent, the year asked for, and what befell it.

    `late`: seconds after which the simulator books it although nobody waits any more, 0 for at once or never.
    """

    body: bytes
    query: str
    tenant: int | None
    fault: str
    late: float

    @property
    def voucher(self) -> dict[str, Any]:
        """The body's voucher."""
        content: dict[str, Any] = json.loads(self.body)["Voucher"]
        return content

    @property
    def marker(self) -> str:
        """The entry's marker."""
        return str(self.voucher["Comments"])


class SharedPaces:
    """The rows of the pace, shared by the processes of a story (`sources.pace.Rows`)."""

    def __init__(self) -> None:
        self._rows: dict[str, PaceRow] = {}

    def change(self, key: str, step: Callable[[PaceRow | None], tuple[PaceRow, T]]) -> T:
        """Replace the row of `key` by what `step` makes of it."""
        self._rows[key], answer = step(self._rows.get(key))
        return answer


class Line:
    """Every request of every process passes here."""

    def __init__(self, simulator: World) -> None:
        self.simulator = simulator
        self.paces = SharedPaces()
        self.sent: list[Sent] = []
        self.early: list[str] = []
        """Markers whose first byte went out before it was durably written down that they are being sent."""
        self.journal: Journal | None = None
        self.served: Callable[[], None] = lambda: None
        """Called whenever the simulator has written its books into a file."""
        self.late = 0.0
        """Of the fault N9 that is planned now."""

    def plan(self, fault: str, *, nth: int = 1, late: float = 90.0, **match: Any) -> None:
        """Have the `nth` matching request meet `fault`; POST of a voucher, unless `match` says otherwise."""
        do: dict[str, Any] = {"fault": fault}
        if fault in SLOW:
            do["delay_s"] = CLIENT_SECONDS
        if fault == "N9":
            do["commit_after_s"] = self.late = late
        self.simulator.faults.add(do, nth=nth, **(match or {"method": "POST", "path": "/3/vouchers"}))

    def heal(self) -> None:
        """Nothing is planned any more."""
        self.simulator.faults.clear()

    def of(self, life: Life) -> "Mortal":
        """The line as one process has it."""
        return Mortal(self, life)

    async def carry(self, request: httpx.Request) -> httpx.Response:
        """One exchange."""
        log = self.simulator.log.entries
        before = len(log)
        posting = request.method == "POST" and request.url.path.rstrip("/") == "/3/vouchers"
        if posting and self.journal is not None:
            marker = Sent(await request.aread(), "", None, "", 0.0).marker
            if self.journal.sending(marker) != 1:
                self.early.append(marker)
        try:
            response = await SimulatorTransport(self.simulator).handle_async_request(request)
            if request.url.path.startswith("/3/sie/"):
                self.served()
            return response
        finally:
            if posting and len(log) > before:
                entry = log[before]
                late = self.late if entry.fault == "N9" else 0.0
                self.sent.append(Sent(request.content, entry.query, entry.tenant, entry.fault, late))


class Mortal(httpx.AsyncBaseTransport):
    """A network that the dead cannot use."""

    def __init__(self, line: Line, life: Life) -> None:
        self._line = line
        self._life = life

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        self._life.check()
        if request.method == "POST" and not self._life.flushes():
            self._line.early.append("commits are not flushed to the disk")
        response = await self._line.carry(request)
        self._life.check()
        return response
