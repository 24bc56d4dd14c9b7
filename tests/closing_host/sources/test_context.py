import asyncio
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest

from closing_host.api.context import Context
from closing_host.api.errors import DataError, PluginFault
from closing_host.sources.context import HostContext, running_context

NOW = datetime(2026, 3, 1, tzinfo=UTC)


@pytest.fixture
def context(tmp_path: Path) -> Iterator[HostContext]:
    with running_context("books", clock=lambda: NOW, inside=tmp_path, keep_limit=10) as running:
        yield running


def test_it_is_the_context_of_the_contract(context: HostContext) -> None:
    contract: Context = context
    assert contract.clock() == NOW
    assert contract.log.name == "closing_host.source.books"


def test_the_folder_is_the_calls_own_and_goes_with_it(tmp_path: Path) -> None:
    with running_context("books", inside=tmp_path) as first, running_context("books", inside=tmp_path) as second:
        assert first.workdir != second.workdir
        assert first.workdir.parent == tmp_path
        assert first.workdir.stat().st_mode & 0o777 == 0o700
        (first.workdir / "half").write_text("done")
    assert list(tmp_path.iterdir()) == []


def test_the_folder_goes_also_when_the_call_fails(tmp_path: Path) -> None:
    with pytest.raises(ZeroDivisionError), running_context("books", inside=tmp_path):
        raise ZeroDivisionError
    assert list(tmp_path.iterdir()) == []


def test_what_is_kept_stands_by_its_name(context: HostContext) -> None:
    context.keep("sie.se", b"#FLAGGA")
    assert dict(context.kept) == {"sie.se": b"#FLAGGA"}
    with pytest.raises(TypeError):
        context.kept["other"] = b""  # type: ignore[index]


def test_no_more_is_kept_than_the_limit(context: HostContext) -> None:
    context.keep("a", b"123456")
    with pytest.raises(DataError) as caught:
        context.keep("b", b"12345")
    assert caught.value.code == "kept-too-large"
    context.keep("c", b"1234")
    assert set(context.kept) == {"a", "c"}


@pytest.mark.parametrize("name", ["", ".", "..", "a/b", "a\\b", "c:a", "a\nb", " a", "a.", "\0", "x" * 121, "taken"])
def test_a_name_is_that_of_a_free_file(name: str, context: HostContext) -> None:
    context.keep("taken", b"")
    with pytest.raises(ValueError, match="not a free file name"):
        context.keep(name, b"")


@pytest.mark.parametrize(("name", "content"), [("a", "text"), (7, b""), ("a", bytearray())])
def test_only_bytes_are_kept_under_a_text(name: str, content: bytes, context: HostContext) -> None:
    with pytest.raises(TypeError):
        context.keep(name, content)


def test_without_a_watcher_progress_is_quiet(context: HostContext) -> None:
    context.progress("rows", 1, 2)
    assert context.interruption is None


def test_after_an_interruption_every_progress_raises(context: HostContext) -> None:
    context.interrupt()
    for _ in range(2):
        with pytest.raises(asyncio.CancelledError):
            context.progress("rows", 1, 2)


def test_what_the_host_raises_is_raised_again(tmp_path: Path) -> None:
    stop = RuntimeError("stop")

    def report(stage: str, done: int, total: int | None) -> None:
        if done == 1:
            raise stop

    with running_context("books", progress=report, inside=tmp_path) as context:
        for done in (1, 2):
            with pytest.raises(RuntimeError) as caught:
                context.progress("rows", done, 2)
            assert caught.value is stop
        context.interrupt()
        assert context.interruption is stop


@pytest.mark.anyio
async def test_a_source_without_hosts_reaches_nothing(context: HostContext) -> None:
    for address in ("https://example.se/", "http://127.0.0.1:1/", "http://[::1]/"):
        with pytest.raises(PluginFault) as caught:
            await context.http.get(address)
        assert caught.value.code == "address-not-declared"
    assert context.http is context.http


@pytest.mark.anyio
async def test_the_given_client_is_the_one(tmp_path: Path) -> None:
    async with httpx.AsyncClient(transport=httpx.MockTransport(lambda request: httpx.Response(204))) as client:
        with running_context("books", http=client, inside=tmp_path) as context:
            assert (await context.http.get("https://example.se/")).status_code == 204
