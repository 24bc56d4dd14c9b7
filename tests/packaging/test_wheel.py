"""The wheel is the product: it holds everything that it needs, and `closing demo` works from it alone."""

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    command = [
        sys.executable,
        "-m",
        "pip",
        "wheel",
        "--quiet",
        "--no-deps",
        "--no-build-isolation",
        "-w",
        str(folder),
        str(ROOT),
    ]
    subprocess.run(command, check=True, capture_output=True)
    (built,) = folder.glob("*.whl")
    return built


def test_it_holds_catalogues_migrations_demo_files_and_types(wheel: Path) -> None:
    names = set(zipfile.ZipFile(wheel).namelist())
    for wanted in (
        "closing_host/py.typed",
        "closing_host/locale/sv/LC_MESSAGES/closing_host.mo",
        "datasource_fortnox/locale/sv/LC_MESSAGES/datasource_fortnox.mo",
        "closing_host/storage/migrations/versions/0001_books.py",
        "closing_host/cli/demo_company/before.se",
        "closing_host/web/templates/base.html",
        "closing_host/web/static/vendor/htmx-4.0.1.min.js",
    ):
        assert wanted in names
    assert not [name for name in names if name.startswith("tests") or "__pycache__" in name]


def test_the_demo_plays_from_the_wheel_alone(wheel: Path, tmp_path: Path) -> None:
    installed = tmp_path / "installed"
    target = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--target", str(installed), str(wheel)]
    subprocess.run(target, check=True, capture_output=True)
    environment = {
        **os.environ,
        "PYTHONPATH": str(installed),
        "DEMO_ONCE": "1",
        "CLOSING_LANG": "sv",
        "XDG_CONFIG_HOME": str(tmp_path / "config"),
    }
    command = [sys.executable, "-m", "closing_host.cli", "demo"]
    done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stdout.count("0 skillnader") >= 1
    words = " ".join(done.stdout.split())
    for part in ("Ansluten till Exempel & Söner AB", "differens -500,00", "V1 är bokförd som I 1."):
        assert part in words
    where = [sys.executable, "-c", "import closing_host; print(closing_host.__file__)"]
    found = subprocess.run(where, cwd=tmp_path, env=environment, capture_output=True, text=True, check=True)
    assert str(installed) in found.stdout
