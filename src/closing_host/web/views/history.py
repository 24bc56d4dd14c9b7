"""*Behandlingshistorik* and *Ångra import*."""

from starlette.responses import Response

from closing_host.web.call import Call
from closing_host.web.routes import Page, Permission


def history(call: Call) -> Response:
    """The engagement's imports, and what else was done with it."""
    return call.page(
        "history.html", engagement=call.desk.engagement, imports=call.desk.imports(), events=call.desk.events()
    )


def use(call: Call) -> Response:
    """*Ångra import*: show this one in its year again."""
    call.desk.make_current(call.number("snapshot"))
    return call.go(f"/engagements/{call.desk.id}/history")


PAGES = (
    Page("GET", "/engagements/{engagement:int}/history", history, Permission.READ),
    Page("POST", "/engagements/{engagement:int}/history/{snapshot:int}", use, Permission.UNDO),
)
