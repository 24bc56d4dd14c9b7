"""`closing serve`: the pages, on this machine, for its user."""

import logging
import sys
import webbrowser
from typing import TYPE_CHECKING, Annotated, Final

from cyclopts import Parameter

from closing_host.cli import output
from closing_host.cli.opened import house
from closing_host.cli.session import session

if TYPE_CHECKING:
    from closing_host.engagements.host import Host


SOURCES_WITHIN: Final = 1.0
"""Seconds that the pages wait for sources that load; slower ones join them later."""


def serve(
    *,
    port: Annotated[int, Parameter(help="The port; a source's login comes back to it.")] = 8710,
    browser: Annotated[bool, Parameter(help="Open the browser; else the address is only printed.")] = True,
    link: Annotated[
        bool, Parameter(negative="", show_default=False, help="Only print a new link to pages that are served already.")
    ] = False,
) -> None:
    """Serve the pages on 127.0.0.1 until Ctrl-C. The printed link logs you in, once, within ten minutes.

    Only this machine reaches them. An import goes on when the browser is closed; one that is under way when the
    program stops is taken up again at the next start.
    """
    from closing_host.web.server import served_port, start_link

    with house(soon=SOURCES_WITHIN) as host:
        if link:
            address = start_link(host, served_port(host) or port)
            output.result({"address": address}, lambda: output.line(address))
            return
        logging.getLogger("closing_host").setLevel(logging.INFO)
        serve_pages(host, port, browser=browser)


def serve_pages(host: "Host", port: int, *, browser: bool) -> None:
    """Serve until Ctrl-C, on a free port when `port` is 0; open the pages that another process serves already.

    Raises `TemporaryError` `port-taken`, `served-already` (by a process that does not say where).
    """
    from closing_host.web.log import lock_down
    from closing_host.web.server import alone, listen, served_port, server_of, start_link

    if (elsewhere := served_port(host)) is not None:
        _begin(start_link(host, elsewhere), browser=browser, served_already=True)
        return
    with alone(host) as mark, listen(port) as listening:
        server = server_of(host, listening)
        own = listening.getsockname()[1]
        mark.tell(own)
        _begin(start_link(host, own), browser=browser, served_already=False)
        lock_down()
        server.run(sockets=[listening])


def _begin(address: str, *, browser: bool, served_already: bool) -> None:
    words = session().words
    said = words.text("Open this link, it works once:")
    if served_already:
        said = words.text("These pages are served already. Open this link, it works once:")
    output.result({"address": address}, lambda: output.line(said))
    if not session().json:
        output.line(address)
        if not served_already:
            output.line(words.text("Stop with Ctrl-C."))
    sys.stdout.flush()
    if browser:
        webbrowser.open(address)
