"""What stands before the views (T 3g): origin, host, session, permission, size, headers, and silence in the log."""

import asyncio
import importlib
import itertools
import logging
import pkgutil
import re
from collections.abc import AsyncIterator, Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest
from starlette.applications import Starlette
from starlette.responses import StreamingResponse
from starlette.routing import Mount, Route

from asgi_calls import Answered, called
from closing_host.api.errors import ClosingError, TemporaryError
from closing_host.storage.runs import Runs
from closing_host.web import views
from closing_host.web.app import PAGES, build
from closing_host.web.faults import BrokenOff
from closing_host.web.house import House
from closing_host.web.routes import Page, Permission
from closing_host.web.security.headers import content_security_policy
from closing_host.web.security.session_cookie import COOKIE
from closing_host.web.server import alone
from small_sie import sie, voucher
from stored_books import SetClock
from web_house import Served, Visitor, served

WEB = Path(__file__).parents[3] / "src" / "closing_host" / "web"
UNSAFE = [page for page in PAGES if page.method == "POST"]
GUARDED = [page for page in PAGES if page.needs is not Permission.NOBODY]


def address(page: Page) -> str:
    """The route with something in its places."""
    filled = page.path.replace("{engagement:int}", "1").replace("{batch}", "0" * 16).replace("{account}", "1930")
    return re.sub(r"{\w+(:int)?}", "1", filled)


@pytest.fixture(scope="module")
def app(pages: Served) -> Starlette:
    """The pages without their server, which is not needed to see what stands before the views."""
    return build(House(pages.host, pages.origin))


def asked(pages: Served, app: Starlette, page: Page, headers: Iterable[tuple[str, str]], **places: str) -> Answered:
    """What the page answers to these headers. `places`: what stands in its address instead of what always does."""
    host = ("Host", pages.origin.removeprefix("http://"))
    where = page.path
    for name, value in places.items():
        where = where.replace(f"{{{name}:int}}", value)
    where = address(replace(page, path=where))
    return asyncio.run(called(app, page.method, where, [host, *headers]))


SITES = ((), ("same-origin",), ("same-site",), ("cross-site",), ("none",), ("same-origin", "cross-site"))
ORIGINS = ((), ("own",), ("null",), ("http://evil.example",), ("http://127.0.0.1:1",), ("own", "own"))
HOSTS = (("own",), ("localhost:port",), ("evil.example",), ("127.0.0.1",), ("own.evil.example",), (), ("own", "own"))


def test_an_unsafe_request_passes_only_from_our_own_pages(pages: Served, app: Starlette, asa: Visitor) -> None:
    """Every unsafe route, every combination of what the three headers may say, twice or not at all, with a session.
    Those that may pass are asked without one, so that nothing is done: they are stopped by that."""
    own = pages.origin.removeprefix("http://")
    passing = {
        (("own",), ("same-origin",), ()),
        (("own",), ("same-origin",), ("own",)),
        (("own",), ("same-origin",), ("null",)),
        (("own",), (), ("own",)),
    }
    combinations = [
        (combination, stated(own, *combination), combination in passing)
        for combination in itertools.product(HOSTS, SITES, ORIGINS)
    ]

    async def ask() -> dict[str, int]:
        wrong = {}
        for page, (combination, headers, passes) in itertools.product(UNSAFE, combinations):
            session = [] if passes else [("Cookie", asa.http.headers["cookie"])]
            answer = await called(app, "POST", address(page), [*headers, *session])
            right = "closing serve --link" in answer.text if passes else len(answer.body) < 60
            if answer.status not in (403, 421) or not right:
                wrong[f"{page.path} {combination}"] = answer.status
        return wrong

    assert len(combinations) == 252
    assert asyncio.run(ask()) == {}


def stated(own: str, hosts: Iterable[str], sites: Iterable[str], origins: Iterable[str]) -> list[tuple[str, str]]:
    port = own.partition(":")[2]
    return [
        *(("Host", own if each == "own" else each.replace("own", own).replace("port", port)) for each in hosts),
        *(("Sec-Fetch-Site", each) for each in sites),
        *(("Origin", f"http://{own}" if each == "own" else each) for each in origins),
    ]


def test_another_site_may_only_navigate_to_a_page(asa: Visitor) -> None:
    foreign = {"Sec-Fetch-Site": "cross-site"}
    assert asa.get("/", **foreign, **{"Sec-Fetch-Mode": "no-cors"}).status_code == 403
    assert asa.get("/", **foreign, **{"Sec-Fetch-Mode": "navigate"}).status_code == 200


def test_no_other_method_is_known(pages: Served) -> None:
    for method in ("PUT", "DELETE", "PATCH", "OPTIONS", "TRACE"):
        assert httpx.request(method, pages.origin, trust_env=False).status_code == 405


def test_nothing_opens_without_a_session(pages: Served, app: Starlette) -> None:
    opened = {}
    for page, cookie in itertools.product(GUARDED, ((), (("Cookie", f"{COOKIE}=guessed"),))):
        answer = asked(pages, app, page, [("Sec-Fetch-Site", "same-origin"), *cookie])
        told = "closing serve --link" in answer.text and "Bageri" not in answer.text
        if answer.status != 403 or not told or "set-cookie" in answer.headers:
            opened[f"{page.method} {page.path}"] = answer.status
    assert opened == {}


def test_every_route_says_what_it_needs(app: Starlette) -> None:
    """A route exists only as a `Page`, and a `Page` without `needs` cannot be made."""
    with pytest.raises(TypeError, match="needs"):
        Page("GET", "/x", lambda call: call.go("/"))  # type: ignore[call-arg]
    modules = [
        importlib.import_module(f"{views.__name__}.{each.name}") for each in pkgutil.iter_modules(views.__path__)
    ]
    declared = [page for module in modules for page in module.PAGES]
    assert sorted(map(repr, declared)) == sorted(map(repr, PAGES))
    *others, static = app.routes
    assert isinstance(static, Mount)
    routes = [route for route in others if isinstance(route, Route)]
    assert len(routes) == len(others)
    assert [(*sorted(route.methods or ()), route.path) for route in routes] == [
        (*sorted({page.method, *(["HEAD"] if page.method == "GET" else [])}), page.path) for page in PAGES
    ]
    assert {page.path for page in PAGES if page.needs is Permission.NOBODY} == {"/start", "/healthz", "/readyz"}


def test_views_reach_data_through_desk_and_office_only() -> None:
    """Of what views import from below, functions are the exception: rules and words, never a way into the store."""
    reaching = re.compile(r"host\.store|house\.host|\.connections\b")
    found = {path.name for path in (WEB / "views").glob("*.py") if reaching.search(path.read_text("utf-8"))}
    assert found == {"session.py", "health.py"}  # which concern no engagement


def test_an_address_opens_nothing_of_another_engagement(asa: Visitor) -> None:
    other = sie(voucher(1), organisation_number="556036-0793", company="Annat AB")
    asa.accept(asa.drop(("other.se", other)))
    snapshots = re.findall(r"/engagements/1/history/(\d+)", asa.get("/engagements/1/history").text)
    assert snapshots == []
    own = asa.post("/engagements/2/history/1")  # a snapshot that is engagement 1's
    assert own.status_code == 404


def test_an_engagement_that_there_is_not_is_not_found_by_any_route(pages: Served, app: Starlette, asa: Visitor) -> None:
    own = [page for page in PAGES if "{engagement:int}" in page.path]
    headers = asa.http.headers.items()
    statuses = {f"{each.method} {each.path}": asked(pages, app, each, headers, engagement="99").status for each in own}
    assert len(statuses) > 50
    assert {path: status for path, status in statuses.items() if status not in (400, 404, 422)} == {}


HEADERS = {
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "x-frame-options": "DENY",
    "cache-control": "no-store",
    "content-security-policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
        "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
}


MAY_HAVE = {"content-type", "content-length", "location"}


def test_every_answer_has_the_headers(pages: Served, app: Starlette, asa: Visitor) -> None:
    """These, and no more than these. Logging out, which sets a cookie, is tried beside; a stream does not end here."""
    other = {}
    for page in PAGES:
        if page.path != "/end" and "events" not in page.path:
            answer = asked(pages, app, page, asa.http.headers.items())
            named = {name: value for name, value in answer.headers.items() if name not in MAY_HAVE}
            if named != HEADERS:
                other[f"{page.method} {page.path}"] = answer.headers
    assert other == {}


def test_refusals_and_files_have_them_too(pages: Served, asa: Visitor) -> None:
    refused = httpx.post(f"{pages.origin}/end", trust_env=False)
    strange = httpx.get(pages.origin, headers={"Host": "evil.example"}, trust_env=False)
    for answer in (refused, strange, asa.get("/nowhere")):
        assert {name: answer.headers.get(name) for name in HEADERS} == HEADERS
    script = asa.get("/static/app.js")
    assert (script.status_code, script.headers["cache-control"]) == (200, "no-cache")
    named = re.search(r"/static/app\.js\?v=\w+", asa.get("/").text)
    assert named is not None
    assert asa.get(named[0]).headers["cache-control"] == "max-age=31536000, immutable"


def test_forms_may_lead_to_the_sources_logins() -> None:
    policy = content_security_policy({"https://b.example:443", "https://a.example:443"})
    assert "form-action 'self' https://a.example:443 https://b.example:443;" in policy


def test_only_this_machines_names_are_served(pages: Served) -> None:
    for host in (
        "evil.example",
        f"127.0.0.1:{pages.port + 1}",
        "127.0.0.1",
        "",
        f"127.0.0.1:{pages.port}.evil.example",
    ):
        assert httpx.get(pages.origin, headers={"Host": host}, trust_env=False).status_code in (400, 421), host


def test_another_name_of_this_machine_leads_to_ours(pages: Served) -> None:
    answer = httpx.get(f"{pages.origin}/guide?a=1", headers={"Host": f"localhost:{pages.port}"}, trust_env=False)
    assert (answer.status_code, answer.headers["location"]) == (307, f"{pages.origin}/guide?a=1")


def test_a_link_works_once(pages: Served) -> None:
    link = pages.link()
    first = httpx.get(link, trust_env=False)
    assert (first.status_code, first.headers["location"]) == (303, "/")
    cookie = first.headers["set-cookie"]
    assert cookie.startswith(f"{COOKIE}=")
    assert "HttpOnly; Path=/; SameSite=lax; Secure" in cookie
    again = httpx.get(link, trust_env=False)
    assert again.status_code == 403
    assert "set-cookie" not in again.headers


def test_a_session_ends_by_itself_and_by_the_user(tmp_path: Path) -> None:
    clock = SetClock(datetime(2026, 2, 14, 9, tzinfo=UTC))
    with served(tmp_path / "data", clock=clock) as pages:
        idle, busy, leaving = pages.visitor(), pages.visitor(), pages.visitor()
        late = pages.link()
        assert leaving.post("/end").status_code == 303
        assert leaving.get("/").status_code == 403
        for _ in range(6):
            clock.advance(timedelta(hours=1, minutes=50))
            assert busy.get("/").status_code == 200
        assert idle.get("/").status_code == 403
        clock.advance(timedelta(hours=1, minutes=50))
        assert busy.get("/").status_code == 403
        assert httpx.get(late, trust_env=False).status_code == 403
        database = (tmp_path / "data" / "closing.db").read_bytes()
        assert busy.http.headers["cookie"].partition("=")[2].encode() not in database


def test_a_session_survives_a_restart_of_the_server(tmp_path: Path) -> None:
    with served(tmp_path / "data") as pages:
        visitor = pages.visitor()
        pages.restart()
        assert visitor.get("/").status_code == 200


@pytest.mark.parametrize("back", ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:alert(1)"])
def test_the_language_leads_back_to_our_pages_only(asa: Visitor, back: str) -> None:
    assert asa.post("/language", {"language": "en", "back": back}).headers["location"] == "/"


def test_health_is_told_to_everybody_and_tells_nothing_else(pages: Served) -> None:
    for path in ("/healthz", "/readyz"):
        answer = httpx.get(pages.origin + path, trust_env=False)
        assert (answer.status_code, answer.text) == (200, "ok")


def test_a_folder_is_served_by_one_process(pages: Served) -> None:
    with alone(pages.host), pytest.raises(TemporaryError, match="served-already"), alone(pages.host):
        raise AssertionError


def test_readiness_names_what_is_wrong_and_no_more(pages: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(database: object) -> None:
        raise ClosingError("database-damaged")

    monkeypatch.setattr("closing_host.web.views.health.revision_of", broken)
    aside = pages.host.store.folder.tmp.rename(pages.folder / "aside")
    answer = httpx.get(f"{pages.origin}/readyz", trust_env=False)
    aside.rename(pages.host.store.folder.tmp)
    assert (answer.status_code, answer.text) == (503, "database folder")
    assert httpx.get(f"{pages.origin}/healthz", trust_env=False).text == "ok"


def test_the_log_holds_no_token_no_name_and_no_search(
    pages: Served, asa: Visitor, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG):
        link = pages.link()
        httpx.get(link, trust_env=False)
        asa.get("/?q=Bageri")
        asa.get("/callback?code=SECRETCODE&state=SECRETSTATE")
        asa.drop(("Bageri hemlig.se", sie(voucher(1))))
    ours = "\n".join(record.getMessage() for record in caplog.records if record.name.startswith(("closing", "uvicorn")))
    assert "GET /callback 403" in ours
    token = link.partition("=")[2]
    for secret in (token, "SECRETCODE", "SECRETSTATE", "Bageri", "hemlig", asa.http.headers["cookie"][15:]):
        assert secret not in ours


@pytest.mark.parametrize(
    ("address", "status", "code"),
    [
        ("/engagements/999/balances", 404, "engagement-unknown"),
        ("/engagements/1/balances?year=1999", 404, "year-unknown"),
        ("/no-such-page", 404, "page-missing"),
    ],
)
def test_every_error_page_names_a_run_that_support_can_look_up(
    address: str, status: int, code: str, pages: Served, asa: Visitor
) -> None:
    answer = asa.get(address)
    assert answer.status_code == status
    run = re.search(r"closing runs show ([2-9a-z]{4}-[2-9a-z]{4}) --report", answer.text)
    assert run is not None
    with pages.host.store.database.read() as connection:
        assert Runs(connection, pages.host.store.clock).get(run[1]).error_code == code


@pytest.mark.parametrize("fault", [ZeroDivisionError, StopIteration])
def test_an_unexpected_fault_shows_a_run_and_nothing_inward(
    fault: type[Exception],
    pages: Served,
    asa: Visitor,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    def broken(*arguments: object, **options: object) -> None:
        raise fault("inward matter")

    monkeypatch.setattr("closing_host.engagements.clients.client_rows", broken)
    answer = asa.get("/")
    monkeypatch.undo()
    assert answer.status_code == 500
    assert "inward matter" not in answer.text + caplog.text
    assert f"{fault.__name__} < test_security.py:" in caplog.text
    assert fault.__name__ not in answer.text
    run = re.search(r"closing runs show ([2-9a-z]{4}-[2-9a-z]{4}) --report", answer.text)
    assert run is not None
    with pages.host.store.database.read() as connection:
        detail = Runs(connection, pages.host.store.clock).get(run[1]).error_detail
    assert detail == ("RuntimeError" if fault is StopIteration else fault.__name__)


def test_a_fault_in_the_midst_of_an_answer_breaks_it_off(pages: Served, caplog: pytest.LogCaptureFixture) -> None:
    async def parts() -> AsyncIterator[bytes]:
        yield b"half"
        raise ZeroDivisionError("inward matter")

    page = Page("GET", "/x", lambda call: StreamingResponse(parts()), Permission.NOBODY)
    with pytest.raises(BrokenOff):
        asyncio.run(called(page.route(House(pages.host, pages.origin)), "GET", "/x", ()))
    assert "page failed, run" in caplog.text
    assert "ZeroDivisionError < " in caplog.text
    assert "inward matter" not in caplog.text
