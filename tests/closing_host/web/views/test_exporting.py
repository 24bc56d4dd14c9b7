"""*Export* beside a source in memory: the dialog, one approval for two clicks, lost answers, files."""

import re
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import httpx
import pytest

from attachment_books import acceptance
from attachment_house import publish, seen, served
from closing_host.api.vouchers import Rejected, SeriesTerms
from closing_host.closing.entries import Status
from closing_host.web import export_work
from entry_books import add, held, small_books
from export_firm import Firm, Ledger, answers, books_and_raises, copied_firm, make_firm
from stored_books import SetClock

BASE = "/engagements/1/export"
RUN_OUT = "Kopplingen till Books har gått ut. Importera från Books för att aktivera den igen."


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    clock = SetClock()
    folder = tmp_path_factory.mktemp("firm") / "data"
    firm = make_firm(folder, Ledger(clock), clock)
    publish(firm.host, acceptance().ledger())
    firm.host.store.close()
    return folder


class Office:
    """The firm with its pages; `restart` is what a stop and a start of the server are."""

    def __init__(self, firm: Firm, stack: ExitStack) -> None:
        self.firm = firm
        self._stack = stack
        self.restart()

    def restart(self) -> None:
        self._stack.close()
        _, visitor = self._stack.enter_context(served(self.firm.host))
        self.http: httpx.Client = visitor.http

    def words(self, path: str = "") -> str:
        answer = self.http.get(BASE + path)
        assert answer.status_code == 200, seen(answer.text)
        return seen(answer.text)

    def dialog(self) -> str:
        """The dialog. A page tells of the last voucher a moment before the export has left the year to the next one."""
        return waited(lambda: self.http.get(f"{BASE}/new").text, bool)

    def form(self, *entries: int, **changes: str) -> dict[str, str | list[str]]:
        """The dialog's form as it comes, with these entries and this series."""
        page = self.dialog()
        approval = re.search(r'name="approval" value="([0-9a-f]{32})"', page)
        assert approval is not None, seen(page)
        return {"approval": approval[1], "series": "I", "entry": [str(each) for each in entries], **changes}

    def export(self, *entries: int, **changes: str) -> str:
        """The address of the export's page."""
        answer = self.http.post(f"{BASE}/new", data=self.form(*entries, **changes))
        assert answer.status_code == 303, seen(answer.text)
        return answer.headers["location"].removeprefix(BASE)

    def until(self, path: str, words: str) -> str:
        return waited(lambda: self.words(path), lambda page: words in page)


def waited(look: Callable[[], str], good: Callable[[str], bool]) -> str:
    for _ in range(400):
        page = look()
        if good(page):
            return page
        time.sleep(0.02)
    raise AssertionError(page)


@pytest.fixture
def office(template: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Office]:
    monkeypatch.setattr(export_work, "LOOKS_EVERY", 0.02)
    with copied_firm(template, tmp_path / "data") as firm, ExitStack() as stack:
        yield Office(firm, stack)


def test_an_export_is_shown_entry_by_entry_and_then_where_it_is_booked(office: Office) -> None:
    first, second = office.firm.add(), office.firm.add(text="Semesterlöner")
    assert "Exportera bokslutstransaktioner till Books" in office.words()
    page = office.until(office.export(first.id, second.id), "Exporten är klar")
    assert "2 av 2 överförda till Books." in page
    assert "V1 är bokförd som I 1." in page
    assert "V2 är bokförd som I 2." in page
    assert "V1: I 1, V2: I 2" in office.words()
    assert office.firm.numbers == ["I 1", "I 2"]


def test_the_dialog_tells_the_series_and_remembers_the_choice(office: Office) -> None:
    office.firm.ledger.series.append(SeriesTerms("K", "Kund", False))
    office.firm.add()
    page = office.http.get(f"{BASE}/new").text
    assert "I Bokslut (nästa nummer 1)" in page
    assert re.search(r'<option value="K" disabled>K Kund .*tillåter inte manuell bokföring', page)
    assert "1 serie kan inte väljas" in page
    assert "Välj verifikationsserie." in seen(page)
    assert "Bilagor skickas inte." in page
    office.until(office.export(1), "Exporten är klar")
    office.firm.add()
    assert '<option value="I" selected>' in office.dialog()


def test_two_tabs_with_one_approval_are_one_export(office: Office) -> None:
    form = office.form(office.firm.add().id)
    places = {office.http.post(f"{BASE}/new", data=form).headers["location"] for _ in range(2)}
    assert len(places) == 1
    office.until(places.pop().removeprefix(BASE), "Exporten är klar")
    assert office.firm.numbers == ["I 1"]


def test_warnings_want_a_tick_and_what_was_chosen_stays(office: Office) -> None:
    entry = office.firm.add()
    office.firm.ledger.terms = {"changed_vouchers": 3}
    form = office.form(entry.id)
    checks = office.http.post(f"{BASE}/checks", data=form).text
    assert 'name="accepted"' in checks
    refused = office.http.post(f"{BASE}/new", data=form)
    assert refused.status_code == 409
    assert "kryssa för att du godtar dem" in seen(refused.text)
    assert f'value="{form["approval"]}"' in refused.text
    assert office.firm.numbers == []
    place = office.http.post(f"{BASE}/new", data=form | {"accepted": "yes"}).headers["location"]
    office.until(place.removeprefix(BASE), "Exporten är klar")


def test_the_checks_name_what_stops_an_entry(office: Office) -> None:
    entry = office.firm.add()
    office.firm.ledger.series.append(SeriesTerms("K", "Kund", False))
    page = office.http.post(f"{BASE}/checks", data=office.form(entry.id) | {"series": "K"}).text
    assert "tillåter inte manuell kontering" in seen(page)
    assert re.search(r"<button disabled", page)
    none = office.http.post(f"{BASE}/new", data=office.form())
    assert "ingen verifikation var vald" in seen(none.text)
    assert office.http.post(f"{BASE}/new", data=office.form(entry.id) | {"approval": "x"}).status_code == 409
    assert office.firm.numbers == []


def test_a_closing_series_that_is_never_locked_turns_the_lock_into_a_warning(office: Office) -> None:
    entry = office.firm.add()
    office.firm.ledger.terms = {"locked_through": entry.content.date}
    assert "är låst" in seen(office.http.post(f"{BASE}/checks", data=office.form(entry.id)).text)
    marked = office.http.post(f"{BASE}/unlockable", data={"shown": ["A", "I"], "unlockable": ["I"]})
    assert marked.status_code == 303
    assert 'name="accepted"' in office.http.post(f"{BASE}/checks", data=office.form(entry.id)).text
    assert "ej låsbar bokslutsserie" in office.http.get(f"{BASE}/new").text


def test_a_lost_answer_is_unclear_until_the_look_and_survives_a_restart(office: Office) -> None:
    firm = office.firm
    firm.ledger.script = [books_and_raises(TimeoutError())]
    place = office.export(firm.add().id, firm.add().id)
    page = office.until(place, "Exporten väntar")
    assert "Oklar" in page
    later = (firm.clock() + timedelta(minutes=3)).astimezone()
    assert f"{later:%Y-%m-%d %H:%M}" in page
    assert 'id="why-not"' in office.http.get(BASE).text
    assert "En export till Books pågår" in office.words()
    office.restart()
    firm.clock.advance(timedelta(minutes=4))
    page = office.until(place, "Exporten är klar")
    assert "V1 är bokförd som I 1: den hittades i Books utan att skickas igen" in page
    assert firm.numbers == ["I 1", "I 2"]
    assert "tillfrågas en gång till om dubbletter" in office.until(place, "dubbletter")


def test_a_refusal_stops_and_offers_the_rest(office: Office) -> None:
    firm = office.firm
    firm.ledger.script = [
        answers(Rejected("e03-account-unknown", "2000423", {"entry": "V1", "row": 1, "account": "7010"}))
    ]
    page = office.until(office.export(firm.add().id, firm.add().id), "Exporten stannade")
    assert "Misslyckad" in page
    assert "(2000423)" in page
    assert "V2 skickades inte" in page
    assert "Exportera resten" in page


def test_the_events_end_when_the_export_is_at_rest(office: Office) -> None:
    place = office.export(office.firm.add().id)
    address, _, query = place.partition("?")
    with office.http.stream("GET", f"{BASE}{address}/events?{query}") as stream:
        told = "".join(stream.iter_text())
    assert "Exporten är klar" in told
    assert told.endswith("event: ended\ndata: -\n\n")


def test_the_button_is_grey_with_its_words(office: Office) -> None:
    assert "Det finns inget att exportera." in office.words()
    office.firm.add()
    office.firm.clock.advance(timedelta(days=30))
    page = office.http.get(BASE).text
    button = re.search(r"<button disabled title=\"([^\"]+)\" aria-describedby=\"why-not\">([^<]+)", page)
    assert button is not None
    assert button.groups() == (RUN_OUT, "Exportera bokslutstransaktioner till Books")
    assert page.count(RUN_OUT) == 2
    assert "Importera från Books" in seen(page)
    assert "/help/" not in page
    assert office.http.get(f"{BASE}/new").headers["location"].startswith(BASE)


def test_a_file_is_saved_and_its_entries_are_marked(tmp_path: Path) -> None:
    with small_books(tmp_path) as host, served(host) as (_, visitor):
        http, entry = visitor.http, add(host)
        assert "Ingen fil" in seen(http.get(f"{BASE}/mark").text)
        assert http.post(f"{BASE}/mark").status_code == 409
        page = seen(http.get(BASE).text)
        assert "tar inte emot verifikationer härifrån" in page
        assert "Exportera bokslutstransaktioner" not in page
        whole = http.post(f"{BASE}/file", data={"kind": "sie4"})
        assert b"#VER A 1 20250310" in whole.content
        assert b'"V1 Upplupna l\x94ner"' in whole.content
        file = http.post(f"{BASE}/file", data={"kind": "si"})
        assert file.headers["content-disposition"].startswith("attachment; filename=")
        assert b'#VER "" "" 20251231 "V1 Upplupna l\x94ner"' in file.content
        assert "V1 Upplupna löner" in seen(http.get(f"{BASE}/mark").text)
        place = http.post(f"{BASE}/mark").headers["location"]
        assert "Markerade som överförda: V1." in seen(http.get(place).text)
        assert held(host)[entry.label].status is Status.TRANSFERRED


def test_an_export_of_another_engagement_is_not_there(office: Office) -> None:
    assert office.http.get(f"{BASE}/77").status_code == 404
    assert office.http.get("/engagements/2/export").status_code == 404


def test_a_series_that_is_gone_is_not_chosen_again(office: Office) -> None:
    office.until(office.export(office.firm.add().id), "Exporten är klar")
    office.firm.ledger.series = [replace(each, code="Q") for each in office.firm.ledger.series[:1]]
    office.firm.add()
    page = office.dialog()
    assert "Välj verifikationsserie." in seen(page)
    assert " selected>" not in page
