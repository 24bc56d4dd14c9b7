"""`closing source new`: what it renders is green at birth, installed from its wheel in an environment of its own."""

import re
import subprocess
import sys
import sysconfig
import tomllib
import venv
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import resources
from pathlib import Path

import pytest
from hatchling.builders.wheel import WheelBuilder

from closing_host.api import CONTRACT_VERSION
from closing_host.cli.source_new_rendering import LAYERS, Kind, Naming, rendered

from .conftest import Closing

KINDS: tuple[Kind, ...] = ("file", "key", "oauth2")
SHORT, LONG = (
    Naming("xy", "Xy"),
    Naming("abcdefghij-klmnopqrst-uvwxyz12", "AB Åkes & Öbergs Ekonomisystem för Bygg, Måleri, Snickeri 2"),
)

EVERYWHERE = {
    *(".github/workflows/ci.yml", ".gitignore", "README.md", "pyproject.toml", "tests/test_conformance.py"),
    *(f"src/datasource_cash_book/{each}" for each in ("__init__.py", "plugin.py", "py.typed", "quality.toml")),
    *(f"src/datasource_cash_book/{part}" for part in ("help/en.md", "help/sv.md", "locale/en.toml", "locale/sv.toml")),
}
SERVED = {
    *(f"src/datasource_cash_book/{each}.py" for each in ("auth", "client", "models", "settings")),
    *("tests/fake_books.py", "tests/fake_server.py"),
}
PATHS: Mapping[Kind, set[str]] = {
    "file": EVERYWHERE | {"src/datasource_cash_book/reading.py", "tests/books.csv", "tests/test_reading.py"},
    "key": EVERYWHERE | SERVED,
    "oauth2": EVERYWHERE | SERVED,
}


def write(files: Mapping[str, str], folder: Path) -> Path:
    for path, text in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text, "utf-8")
    return folder


# --- the command


@pytest.mark.parametrize("kind", KINDS)
def test_it_writes_exactly_these_files(kind: Kind, closing: Closing) -> None:
    said = closing("source", "new", "cash-book", "--kind", kind, "--title", "Åkes kassabok", "--json")
    assert said.code == 0, said.err
    folder = Path("datasource-cash-book")
    written = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
    assert written == PATHS[kind] == set(said.data["files"])
    assert 'name="Åkes kassabok",' in (folder / "src/datasource_cash_book/plugin.py").read_text("utf-8")


@pytest.mark.parametrize(
    "name", ["Cash", "1cash", "cash book", "cash_book", "cash--book", "cash-", "c", "å-bok", "x" * 31, ".."]
)
def test_a_name_that_cannot_be_an_id_is_refused(name: str, closing: Closing) -> None:
    said = closing("source", "new", name, "--kind", "file", "--lang", "sv")
    assert said.code == 5
    assert "går inte att kalla en datakälla" in said.words
    assert list(Path().iterdir()) == []


def test_a_name_or_folder_that_is_taken_is_refused_and_nothing_is_touched(closing: Closing) -> None:
    assert "installed already" in closing("source", "new", "sie4", "--kind", "file").words
    Path("datasource-mine").mkdir()
    said = closing("source", "new", "mine", "--kind", "file")
    assert (said.code, "exists already" in said.words) == (5, True)
    assert list(Path("datasource-mine").iterdir()) == []


@pytest.mark.parametrize("title", ['A "quoted" one', "back\\slash", "x" * 61, "{braces}"])
def test_a_title_that_would_break_the_code_is_refused(title: str, closing: Closing) -> None:
    assert closing("source", "new", "mine", "--kind", "file", "--title", title).code == 5


# --- what it renders


@pytest.mark.parametrize("kind", KINDS)
def test_no_place_and_no_name_of_the_template_is_left(kind: Kind) -> None:
    for path, text in rendered(kind, SHORT).items():
        assert not re.search(r"@@|my.source|MySource", path + text, re.IGNORECASE), path
    major, minor = CONTRACT_VERSION
    assert f"contract=(({major}, {minor}), (" in rendered(kind, SHORT)["src/datasource_xy/plugin.py"]


def test_every_file_of_the_template_is_used() -> None:
    template = Path(str(resources.files("closing_host"))) / "source_template"
    assert {each.name for each in template.iterdir()} == {layer for layers in LAYERS.values() for layer in layers}
    assert [each for each in template.rglob("*") if each.is_file() and each.suffix != ".template"] == []


@pytest.mark.parametrize("kind", KINDS)
def test_its_words_stand_in_both_languages_and_every_code_has_some(kind: Kind) -> None:
    files = rendered(kind, SHORT)
    english, swedish = (tomllib.loads(files[f"src/datasource_xy/locale/{each}.toml"]) for each in ("en", "sv"))
    code = "".join(text for path, text in files.items() if path.startswith("src/") and path.endswith(".py"))
    assert set(english) == set(re.findall(r'"(xy-[a-z-]+)"', code))
    labels = set(re.findall(r'(?:title|description)="([^"]+)"', code))
    assert set(swedish) == set(english) | labels


@pytest.mark.parametrize("naming", [SHORT, LONG], ids=["short", "long"])
@pytest.mark.parametrize("kind", KINDS)
def test_it_keeps_the_style_that_it_states_whatever_its_name(kind: Kind, naming: Naming, tmp_path: Path) -> None:
    folder = write(rendered(kind, naming), tmp_path)
    ruff = Path(sysconfig.get_path("scripts")) / "ruff"
    for command in (["check"], ["format", "--check", "--diff"]):
        done = subprocess.run(
            [ruff, *command, "--no-cache", "."], cwd=folder, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stdout + done.stderr


# --- installed


@dataclass(frozen=True)
class Clean:
    """An environment of its own with the three kinds in it, and where their sources lie."""

    python: Path
    folders: Mapping[Kind, Path]

    def run(self, *command: str, timeout: float = 300) -> None:
        """`python -m command` in each distribution's folder, all at once; all must succeed."""
        started = {
            kind: subprocess.Popen(
                [self.python, "-m", *command], cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
            )
            for kind, folder in self.folders.items()
        }
        said = {
            kind: (process.communicate(timeout=timeout)[0], process.returncode) for kind, process in started.items()
        }
        assert [f"{kind}: {words}" for kind, (words, code) in said.items() if code] == []


@pytest.fixture(scope="module")
def clean(tmp_path_factory: pytest.TempPathFactory) -> Clean:
    """Each kind rendered, built into a wheel, and unpacked as an installer does; the host comes from here."""
    base = tmp_path_factory.mktemp("clean")
    venv.create(base / "env", symlinks=True)
    (site,) = (base / "env").glob("lib/python*/site-packages")
    (site / "host.pth").write_text(f"import site; site.addsitedir({sysconfig.get_path('purelib')!r})\n")
    folders: dict[Kind, Path] = {}
    for kind in KINDS:
        folders[kind] = write(rendered(kind, Naming(f"born-{kind}", f"Född {kind}")), base / kind)
        built = Path(next(WheelBuilder(str(folders[kind])).build(directory=str(base / "wheels"))))
        with zipfile.ZipFile(built) as archive:
            archive.extractall(site)
    return Clean(base / "env" / "bin" / Path(sys.executable).name, folders)


def test_each_kind_passes_its_own_tests_where_it_is_installed(clean: Clean) -> None:
    clean.run("pytest", "-q", "-p", "no:cacheprovider", "-k", "not large_year")


@pytest.mark.soak
def test_each_kind_passes_every_test_and_the_type_checker(clean: Clean) -> None:
    clean.run("pytest", "-q", "-p", "no:cacheprovider", timeout=1200)
    for kind, folder in clean.folders.items():
        Clean(clean.python, {kind: folder}).run("mypy", timeout=1200)
