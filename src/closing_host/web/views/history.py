"""*Behandlingshistorik* and *Ångra import*."""

from starlette.responses import Response

from closing_host.engagements.processing_history import SHOWN
from closing_host.web.call import Call
from closing_host.web.history_words import event_lines
from closing_host.web.routes import Page, Permission
from closing_host.web.years import whole_number


def history(call: Call) -> Response:
    """The engagement's imports, and what else was done with it; `?before=` goes on with older events."""
    imports = call.desk.imports()
    before = whole_number(call.query("before")) or None
    events = call.desk.events(before)
    undone = {}
    for each in imports:
        earlier = [other for other in imports if other.year_start == each.year_start and other.id < each.id]
        if each.current and earlier:
            undone[each.id] = earlier[0]
    return call.page(
        "history.html",
        engagement=call.desk.engagement,
        imports=imports,
        undone=undone,
        lines=event_lines(call.words, events, call.source_name(call.desk.engagement.source_id)),
        before=before,
        older=events[-1].seq if len(events) == SHOWN else None,
    )


def use(call: Call) -> Response:
    """*Ångra import*: show this one in its year again."""
    call.desk.make_current(call.number("snapshot"))
    return call.go(f"/engagements/{call.desk.id}/history")


PAGES = (
    Page("GET", "/engagements/{engagement:int}/history", history, Permission.READ),
    Page("POST", "/engagements/{engagement:int}/history/{snapshot:int}", use, Permission.UNDO),
)
