"""How `closing demo` ends when nobody says DEMO_ONCE: with the pages, opened in the browser, until Ctrl-C."""

import os
import signal
import threading
import webbrowser
from pathlib import Path

import httpx
import pytest

from closing_host.api.demo import Demo
from closing_host.cli import session
from closing_host.cli.demo import show_pages
from closing_host.engagements.host import Host
from closing_host.storage.audit import Actor
from datasource_fortnox.demo import demo


def running_source(host: Host, running: Demo) -> None:
    """Set the source up as the demo does."""
    model = host.sources.source(running.source).info.installation
    assert model is not None
    settings = model.model_validate(running.installation)
    host.connections.save_installation(running.source, settings, host.actor)


@pytest.mark.parametrize("with_source", [False, True])
def test_the_demo_ends_in_the_browser(
    with_source: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("CLOSING_KEY_FILE", str(tmp_path / "key"))
    session.begin(lang="en", json=False, data=tmp_path / "data", safe_mode=False)
    opened: list[tuple[str, int]] = []

    def browser(address: str) -> bool:
        """Follows the link once the pages are there, then has the user press Ctrl-C."""

        def look() -> None:
            try:
                opened.append((address, httpx.get(address, trust_env=False, timeout=20).status_code))
            finally:
                os.kill(os.getpid(), signal.SIGINT)

        threading.Thread(target=look).start()
        return True

    monkeypatch.setattr(webbrowser, "open", browser)
    with Host.open(tmp_path / "data", Actor("asa")) as host, demo() as running:
        if with_source:
            running_source(host, running)
        show_pages(host, running if with_source else None)
    ((address, status),) = opened
    assert status == 303
    assert address in capsys.readouterr().out.replace("\n", "")
    if with_source:  # where the source's logins come back to
        assert address.startswith(str(running.installation["callback"]).removesuffix("callback"))
