"""What pages that concern all engagements may reach."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from pathlib import PurePath
from typing import BinaryIO

from closing_host.api.errors import ClosingError
from closing_host.engagements import clients, logging_in
from closing_host.engagements.clients import ClientRow, Show, Sort
from closing_host.engagements.connecting import callback_of, engagement_to_be
from closing_host.engagements.dropped import Inspected, Said
from closing_host.engagements.logging_in import LoggingIn
from closing_host.engagements.register import new_engagement
from closing_host.engagements.setup import check_company, confirm_company
from closing_host.engagements.source_choices import SourceChoice, source_choices
from closing_host.engagements.source_help import source_help, sources_with_help
from closing_host.engagements.synchronising import ask_for_import
from closing_host.engagements.wizard import Step, steps_of
from closing_host.locale import Language
from closing_host.sources.facade import DataSource
from closing_host.transfers.logins import Connected
from closing_host.web.house import House

CALLBACK_PATH = "/callback"

Settings = Mapping[str, object] | None
"""A source's settings of one client; None for one without a form."""


class Office:
    """The engagements as a list, new ones, and files that find theirs."""

    def __init__(self, house: House) -> None:
        self._house = house
        self._host = house.host

    def clients(self, search: str, show: Show, sort: Sort) -> tuple[ClientRow, ...]:
        """The rows of *Mina uppdrag*."""
        return clients.client_rows(self._host, search=search, show=show, sort=sort)

    def client(self, engagement_id: int) -> ClientRow:
        """One of them."""
        return clients.client_row(self._host, engagement_id)

    def import_chosen(self, engagement_ids: Collection[int]) -> tuple[int, ...]:
        """*Importera valda*: the engagements that were asked for, the skipped ones too."""
        asked = clients.import_chosen(self._host, engagement_ids)
        for _, run in asked:
            if run is not None:
                self._house.work.import_from_source(run)
        return tuple(id for id, _ in asked)

    def sources(self) -> tuple[SourceChoice, ...]:
        """The sources to choose from; one whose logins come back to another address than ours says so."""
        return tuple(self._checked(each) for each in source_choices(self._host))

    def source(self, source_id: str) -> SourceChoice:
        """One that can be chosen. Raises `ClosingError` with the sentence that fixes it."""
        for each in self.sources():
            if each.id == source_id:
                if each.problem:
                    raise ClosingError(each.problem, **each.parameters)
                return each
        raise ClosingError("source-not-loaded", source=source_id)

    def steps(self, choice: SourceChoice) -> tuple[Step, ...]:
        """The steps of the source's guide."""
        return steps_of(self._host.sources.source(choice.id))

    def sources_with_help(self) -> tuple[DataSource, ...]:
        """The sources that tell their users something about themselves."""
        return sources_with_help(self._host)

    def source_help(self, source_id: str, language: Language) -> str | None:
        """A source's help as Markdown; None for one that has none or is not loaded."""
        source = self._host.sources.sources.get(source_id)
        return source_help(source, language) if source is not None else None

    async def begin_new(self, choice: SourceChoice, session: str, settings: Settings) -> LoggingIn | int:
        """A new engagement's first step: the login, or for a source that just needs asking the engagement's id."""
        if choice.way == "login":
            to_be = engagement_to_be(self._host, choice.id, settings)
            return await logging_in.begin(self._host, to_be.id, session=session)
        engagement = new_engagement(self._host, choice.name, source_id=choice.id, settings=settings)
        self._house.work.import_from_source(ask_for_import(self._host, engagement.id))
        return engagement.id

    def new_company(self, name: str, number: str, form: str, framework: str) -> int:
        """An engagement that the user typed, whose books come later; its id. Raises `DataError`."""
        check_company(form, framework)
        engagement = new_engagement(self._host, name[:200], organisation_number=number, form=form)
        confirm_company(self._host, engagement.id, framework=framework)
        return engagement.id

    async def login_answered(self, answer: Mapping[str, str], session: str, state: str | None = None) -> LoggingIn:
        """The user came back from the source. Once connected the import is on its way."""
        return self._importing(await logging_in.complete(self._host, answer, session=session, state=state))

    async def login_confirmed(self, state: str, session: str) -> LoggingIn:
        """The company is the right one."""
        return self._importing(await logging_in.confirm(self._host, state, session=session))

    async def login_declined(self, state: str, session: str) -> int:
        """It is not; the engagement that it was for."""
        return await logging_in.decline(self._host, state, session=session)

    def engagement_of_login(self, state: str) -> int | None:
        """The engagement that a login was for, None when nobody knows."""
        try:
            return logging_in.engagement_of(self._host, state)
        except ClosingError:
            return None

    def drop(self, files: Iterable[tuple[str, BinaryIO]], engagement_id: int | None) -> str:
        """Take files in; the batch that they make."""
        batch = self._house.files.new_batch()
        for name, content in files:
            self._house.files.add(batch, shown_name(name), content, engagement_id)
        return batch

    async def dropped(self, batch: str) -> tuple[Inspected, ...]:
        """What the batch's files state and where they go."""
        return await self._house.files.inspect(batch)

    async def dropped_file(self, batch: str, number: int) -> Inspected:
        """One of them."""
        return await self._house.files.inspect_one(batch, number)

    def read_as(self, batch: str, number: int, encoding: str) -> None:
        """Read the file in another encoding."""
        self._house.files.choose_encoding(batch, number, encoding)

    def accept(self, file: Inspected, said: Said | None = None) -> None:
        """Import a file that can be imported. `said`: of its company, on the page that shows it."""
        if file.place != "refused":
            self._house.work.import_file(file, self._house.files.queue(file, said))

    def _importing(self, now: LoggingIn) -> LoggingIn:
        if isinstance(now.progress, Connected):
            self._house.work.import_from_source(ask_for_import(self._host, now.engagement_id))
        return now

    def _checked(self, choice: SourceChoice) -> SourceChoice:
        if choice.problem or choice.way != "login":
            return choice
        wanted, registered = self._house.origin + CALLBACK_PATH, callback_of(self._host, choice.id)
        if registered == wanted:
            return choice
        parameters = {"source": choice.name, "id": choice.id, "registered": registered, "wanted": wanted}
        return replace(choice, problem="callback-elsewhere", parameters=parameters)


def shown_name(name: str) -> str:
    """A file's name as text: its last part, printable, of a sane length. It never becomes a path (T F7)."""
    last = PurePath(name.replace("\\", "/")).name
    return "".join(letter for letter in last if letter.isprintable())[:150] or "?"
