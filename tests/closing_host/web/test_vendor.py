"""What is vendored is what it was when it was looked at; nothing else lies beside it."""

import hashlib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
FOLDERS = (ROOT / "src" / "closing_host" / "web" / "static" / "vendor", ROOT / "tests" / "vendor")


@pytest.mark.parametrize("folder", FOLDERS, ids=str)
def test_every_vendored_file_has_its_checksum(folder: Path) -> None:
    lines = (folder / "SHA256SUMS").read_text("utf-8").splitlines()
    stated = {line.split()[1]: line.split()[0] for line in lines}
    present = {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in folder.iterdir()}
    for name in ("SHA256SUMS", "README.md"):
        present.pop(name, None)
    assert present == stated


@pytest.mark.parametrize("folder", FOLDERS, ids=str)
def test_every_vendored_package_has_its_licence(folder: Path) -> None:
    packages = {path.name.split("-")[0] for path in folder.iterdir() if path.suffix in (".js", ".css")}
    licences = {path.name.removeprefix("LICENSE-").split(".")[0] for path in folder.glob("LICENSE-*")}
    assert {"htmx" if name == "hx" else name for name in packages} == licences


def test_the_extension_is_there_before_htmx_begins() -> None:
    """Deferred scripts run one by one as they arrive; htmx would begin between the two."""
    base = (ROOT / "src" / "closing_host" / "web" / "templates" / "base.html").read_text("utf-8")
    htmx, sse = (base.index(f'static("vendor/{name}-4.0.1.min.js") }}}}"></script>') for name in ("htmx", "hx-sse"))
    assert htmx < sse


def test_no_page_holds_script_or_style_of_its_own() -> None:
    templates = (ROOT / "src" / "closing_host" / "web" / "templates").glob("*.html")
    for path in templates:
        text = path.read_text("utf-8")
        assert "<style" not in text, path.name
        assert " style=" not in text, path.name
        assert " on" + "click=" not in text, path.name
        assert text.count("<script") == text.count('<script src="{{ static('), path.name
        assert "|safe" not in text, path.name
