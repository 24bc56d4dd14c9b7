"""*Bifogade filer*: taking them in, handing them out to be saved, taking them away."""

from typing import Final

from starlette.responses import Response

from closing_host.closing.attached_files import MOST_BYTES
from closing_host.engagements.attached_files import name_to_save
from closing_host.web.call import Call
from closing_host.web.download import saved
from closing_host.web.routes import Page, Permission
from closing_host.web.uploads import content_of, sent_files
from closing_host.web.views.attachment import number
from closing_host.web.views.attachments import ADDRESS, in_year

UPLOAD_LIMIT: Final = MOST_BYTES + 1024 * 1024
"""Bytes of the files of one form: the largest file, and what the browser wraps it in."""


def attach(call: Call) -> Response:
    """Keep the form's files behind an account, or behind one of its own attachments."""
    shown, account = in_year(call), call.field("account")
    for file in sent_files(call):
        shown["desk"].attach(account, file.filename or "", content_of(file), number(call.field("attachment")))
    return call.go(f"{shown['base']}/accounts/{account}{shown['in_year']}")


def save(call: Call) -> Response:
    """The file, byte by byte, to be saved and never shown."""
    record, content = in_year(call)["desk"].open_file(call.number("number"))
    return saved(content, name_to_save(record))


def remove(call: Call) -> Response:
    """Take it away from its account; it is kept and can still be saved."""
    shown = in_year(call)
    removed = shown["desk"].remove_file(call.number("number"))
    return call.go(f"{shown['base']}/accounts/{removed.account}{shown['in_year']}")


_ONE: Final = f"{ADDRESS}/attached/{{number:int}}"

PAGES = (
    Page("POST", f"{ADDRESS}/attached", attach, Permission.ATTACH, body_limit=UPLOAD_LIMIT),
    Page("GET", _ONE, save, Permission.READ),
    Page("POST", f"{_ONE}/remove", remove, Permission.ATTACH),
)
