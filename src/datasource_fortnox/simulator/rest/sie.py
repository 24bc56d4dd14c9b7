"""``GET /sie/{Type}``: one financial year as SIE bytes (F 4.1, F 4.2)."""

from __future__ import annotations

from datasource_fortnox.simulator.errors import invalid, missing
from datasource_fortnox.simulator.exchange import Reply
from datasource_fortnox.simulator.rest.call import YEAR_PARAMETERS, Call
from datasource_fortnox.simulator.sie_export import Selection, SieRequest, export, parse_selection

__all__ = ["sie"]


def sie(call: Call) -> Reply:
    """The file: CP437 with CRLF by default; ``exportall``, ``selection``, ``fromdate``, ``todate`` as in F 4.1 (O)."""
    call.allow(*YEAR_PARAMETERS, "fromdate", "todate", "exportall", "selection")
    if call.params["type"] not in {"1", "2", "3", "4"}:
        raise missing("route")
    year = call.year()
    exportall = call.query.get("exportall")
    if exportall not in {None, "true", "false"}:
        raise invalid(2000134, f"Värdet måste vara en boolean ({exportall})")
    wanted = SieRequest(
        int(call.params["type"]),
        call.day("fromdate"),
        call.day("todate"),
        call.switches.sie_export_all if exportall is None else exportall == "true",
        _selection(call),
    )
    text = export(call.company, year, wanted, call.switches)
    body = text.encode(call.switches.sie_encoding, errors="replace")
    return Reply(200, body, call.switches.sie_content_type)


def _selection(call: Call) -> Selection | None:
    text = call.query.get("selection")
    if text is None:
        return None
    try:
        return parse_selection(text)
    except ValueError as error:
        raise invalid(2000588, "Ogiltig parameter i anropet.") from error
