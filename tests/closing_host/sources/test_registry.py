"""Discovery, in a process of its own, among real distributions of which most are broken."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from closing_host.api.errors import CapabilityMissing
from closing_host.locale import Words
from closing_host.sources.registry import Registry, discover
from source_distributions import GROUP, HEAD, describing, install, install_source

ROOT = Path(__file__).parents[3]

GOOD = {
    "plain": describing(),
    "loopback": describing("hosts=(Origin(fixed='http://127.0.0.1:8000'), Origin(fixed='https://api.example.se'))"),
    "asks": describing(
        "engagement=Settings",
        before="from pydantic import BaseModel\nclass Settings(BaseModel):\n    required: str\n",
    ),
    "configured": describing(
        "installation=Settings, hosts=(from_setting('address', authorization=True),), "
        "rate_limit=RateLimit(25, 5.0, ('client_id',))",
        before="from pydantic import BaseModel\nclass Settings(BaseModel):\n    client_id: str\n    address: str\n",
    ),
    "repeatable": describing("idempotent=True", "@hookimpl\ndef export_voucher(request): ...\n"),
    "worded": describing("package='source_words'"),
    "extra": describing(after="@hookimpl\ndef import_ledger(request, *rest, verbose=False, **more): ...\n"),
}

IMPORTING = "@hookimpl\ndef import_ledger(request):\n    return None\n"

# id: the module's source, the stage that refuses it, the code that says why
BROKEN: dict[str, tuple[str, str, str]] = {
    "raises-on-import": ("raise RuntimeError('no licence found')", "import", "plugin-import-failed"),
    "exits-on-import": ("import sys; sys.exit(3)", "import", "plugin-import-failed"),
    "interrupts-on-import": ("raise KeyboardInterrupt", "import", "plugin-import-failed"),
    "ends-generators": ("raise GeneratorExit", "import", "plugin-import-failed"),
    "stops-iteration": ("raise StopIteration(1)", "import", "plugin-import-failed"),
    "recurses": ("def f(): f()\nf()", "import", "plugin-import-failed"),
    "misspelt": ("def (:", "import", "plugin-import-failed"),
    "lacks-a-library": ("import there_is_no_such_library", "import", "plugin-import-failed"),
    "raises-the-unspeakable": (
        "class Mute(BaseException):\n    def __str__(self): raise ValueError\nraise Mute",
        "import",
        "plugin-import-failed",
    ),
    "has-no-hook": ("def describe_source(): ...", "hooks", "hook-missing"),
    "invents-a-hook": (describing(after="@hookimpl\ndef import_books(request): ..."), "hooks", "hook-unknown"),
    "renames-a-hook": (
        describing(after="@hookimpl(specname='bring_ledger')\ndef import_ledger(request): ..."),
        "hooks",
        "hook-unknown",
    ),
    "names-wrongly": (describing(after="@hookimpl\ndef import_ledger(ledger): ..."), "hooks", "parameter-unknown"),
    "defaults": (describing(after="@hookimpl\ndef import_ledger(request=None): ..."), "hooks", "parameter-unfilled"),
    "keyword-only": (describing(after="@hookimpl\ndef import_ledger(*, request): ..."), "hooks", "parameter-unfilled"),
    "wraps": (describing(after="@hookimpl(wrapper=True)\ndef import_ledger(): yield"), "hooks", "hook-kind"),
    "generates": (describing(after="@hookimpl\ndef import_ledger(): yield 1"), "hooks", "hook-kind"),
    "streams": (describing(after="@hookimpl\nasync def import_ledger(): yield 1"), "hooks", "hook-kind"),
    "describes-later": (HEAD + "@hookimpl\nasync def describe_source(): ...", "hooks", "hook-kind"),
    "doubles": (
        describing(after=IMPORTING + "@hookimpl(specname='import_ledger')\ndef other(request): ..."),
        "hooks",
        "hook-twice",
    ),
    "sabotages": (
        "class Plugin:\n    def __dir__(self): raise OSError('no')\nplugin = Plugin()",
        "hooks",
        "plugin-hooks-failed",
    ),
    "cannot-describe": (
        HEAD + "@hookimpl\ndef describe_source(): raise SystemExit('why')",
        "describe",
        "plugin-describe-failed",
    ),
    "describes-nothing": (HEAD + "@hookimpl\ndef describe_source(): ...", "describe", "contract-wrong"),
    "describes-by-dict": (
        HEAD + "@hookimpl\ndef describe_source(): return {'name': 'x'}",
        "describe",
        "contract-wrong",
    ),
    "from-the-future": (describing("contract=((9, 0), (10, 0))"), "describe", "contract-too-new"),
    "from-the-past": (describing("contract=((0, 0), (0, 1))"), "describe", "contract-too-old"),
    "ranges-backwards": (describing("contract=((0, 2), (0, 1))"), "describe", "contract-wrong"),
    "ranges-in-text": (describing("contract='0.1'"), "describe", "contract-wrong"),
    "lists-hosts": (describing("hosts=[Origin(fixed='https://a.se')]"), "describe", "described-wrong"),
    "numbers-itself": (
        HEAD + "@hookimpl\ndef describe_source(): return SourceInfo(name=7)",
        "describe",
        "described-wrong",
    ),
    "is-nameless": (
        HEAD + "@hookimpl\ndef describe_source(): return SourceInfo(name=' ')",
        "declaration",
        "declared-no-name",
    ),
    "exports-blindly": (
        describing(after="@hookimpl\ndef export_voucher(request): ..."),
        "declaration",
        "declared-export-blind",
    ),
    "takes-files-unread": (
        describing("files=Files(('.csv',), bool)"),
        "declaration",
        "declared-files-unread",
    ),
    "ends-in-capitals": (
        describing("files=Files(('.CSV',), bool)", IMPORTING),
        "declaration",
        "declared-suffix-wrong",
    ),
    "ends-in-nothing": (describing("files=Files((), bool)", IMPORTING), "declaration", "declared-suffix-wrong"),
    "calls-unsafely": (
        describing("hosts=(Origin(fixed='http://api.example.se'),)"),
        "declaration",
        "declared-host-wrong",
    ),
    "calls-nowhere": (describing("hosts=(Origin(),)"), "declaration", "declared-host-wrong"),
    "calls-a-missing-setting": (
        describing("hosts=(from_setting('address'),)"),
        "declaration",
        "declared-field-unknown",
    ),
    "paces-by-a-missing-setting": (
        describing("rate_limit=RateLimit(25, 5.0, ('client_id',))"),
        "declaration",
        "declared-field-unknown",
    ),
    "never-calls": (describing("rate_limit=RateLimit(0, 5.0)"), "declaration", "declared-rate-wrong"),
    "holds-the-unknown": (
        describing("cannot_hold=frozenset({'rows.amount'})"),
        "declaration",
        "declared-data-unknown",
    ),
    "speaks-from-nowhere": (describing("package='no_such_package'"), "declaration", "declared-package-missing"),
    "speaks-badly": (describing("package='source_mumbling'"), "declaration", "plugin-declaration-failed"),
    "Capital": (describing(), "find", "source-id-wrong"),
}

HANGING = {
    "hangs-on-import": ("import threading; threading.Event().wait()", "import", "plugin-too-slow"),
    "hangs-on-description": (
        HEAD + "import threading\n@hookimpl\ndef describe_source(): threading.Event().wait()",
        "describe",
        "plugin-too-slow",
    ),
}

ATTRIBUTES = {"sabotages": "plugin"}

SCRIPT = """
import dataclasses, json, sys
from closing_host.sources.loading import Patience
from closing_host.sources.registry import discover

options = json.loads(sys.argv[1])
if "patience" in options:
    options["patience"] = Patience(*options["patience"])
registry = discover(**options)
print(json.dumps({
    "sources": {
        id: [each.distribution, each.version, each.info.name, sorted(each.operations)]
        for id, each in registry.sources.items()
    },
    "problems": [dataclasses.asdict(each) | {"parameters": dict(each.parameters)} for each in registry.problems],
}))
"""


def discovered(site: Path, **options: object) -> dict[str, Any]:
    """What `discover(**options)` finds in a new process with `site` on its path."""
    inherited = {name: value for name, value in os.environ.items() if name != "CLOSING_SOURCES"}
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT, json.dumps(options)],
        env=inherited | {"PYTHONPATH": f"{site}{os.pathsep}{ROOT / 'src'}"},
        capture_output=True,
        text=True,
        timeout=100,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    answer: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return answer


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("discovery") / "site"
    for id, source in GOOD.items():
        install_source(folder, id, source, version="2.1")
    for id, (source, _, _) in (BROKEN | HANGING).items():
        install_source(folder, id, source, attribute=ATTRIBUTES.get(id, ""))
    (folder / "source_words").mkdir()
    (folder / "source_words" / "__init__.py").touch()
    (folder / "source_mumbling" / "locale" / "messages").mkdir(parents=True)
    (folder / "source_mumbling" / "__init__.py").touch()
    (folder / "source_mumbling" / "locale" / "messages" / "__init__.py").touch()
    (folder / "source_mumbling" / "locale" / "messages" / "own.py").write_text("MESSAGES = 1 / 0")
    good = describing()
    install(folder, "first", f"[{GROUP}]\ntwice = first\n", {"first.py": good})
    install(folder, "second", f"[{GROUP}]\ntwice = second\n", {"second.py": good})
    install(folder, "no_module", f"[{GROUP}]\nno-module = not_there\n", {})
    install(folder, "no_attribute", f"[{GROUP}]\nno-attribute = no_attribute:plugin\n", {"no_attribute.py": good})
    install(folder, "no_address", f"[{GROUP}]\nno-address = some where\n", {})
    install(folder, "unreadable", f"[{GROUP}]\nthis line has no value\n", {})
    install(folder, "unnamed", f"[{GROUP}]\nunnamed = unnamed\n", {"unnamed.py": good}, metadata="Summary: none\n")
    install(folder, "other_group", "[console_scripts]\nthis line has no value\n", {})
    return folder


@pytest.fixture(scope="module")
def everything(site: Path) -> dict[str, Any]:
    quick = ["twice", "no-module", "no-attribute", "no-address", "unnamed", "never-installed", *GOOD, *BROKEN]
    return discovered(site, only=quick)


@pytest.fixture(scope="module")
def problems(everything: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {each["source"]: each for each in everything["problems"]}


def test_every_good_source_loads_beside_the_broken_ones(everything: dict[str, Any]) -> None:
    assert set(everything["sources"]) == set(GOOD)
    assert everything["sources"]["plain"] == ["source_plain", "2.1", "Books", []]
    assert everything["sources"]["repeatable"][3] == ["export_voucher"]


@pytest.mark.parametrize("id", BROKEN)
def test_a_broken_source_becomes_one_problem(id: str, everything: dict[str, Any], problems: dict[str, Any]) -> None:
    _, stage, code = BROKEN[id]
    assert [each["source"] for each in everything["problems"]].count(id) == 1
    problem = problems[id]
    assert (problem["stage"], problem["code"]) == (stage, code)
    assert problem["distribution"] == f"source_{id.replace('-', '_')}"
    assert problem["version"] == "1.0"


def test_every_problem_has_words_that_name_it(everything: dict[str, Any]) -> None:
    for problem in everything["problems"]:
        for language in ("en", "sv"):
            said = Words(language).message(problem["code"], problem["parameters"])
            assert not re.search(r"\{\w+\}", said), said
            assert problem["source"] in said or problem["distribution"] in said, said


def test_code_of_the_plugin_that_failed_leaves_its_trace(problems: dict[str, Any]) -> None:
    assert "no licence found" in problems["raises-on-import"]["trace"]
    assert problems["raises-on-import"]["parameters"]["cause"] == "RuntimeError: no licence found"
    assert problems["raises-the-unspeakable"]["parameters"]["cause"] == "Mute"
    assert problems["exits-on-import"]["parameters"]["cause"] == "SystemExit: 3"
    assert problems["names-wrongly"]["trace"] == ""


def test_a_problem_states_what_is_wrong(problems: dict[str, Any]) -> None:
    parameters = {id: problem["parameters"] for id, problem in problems.items()}
    assert parameters["names-wrongly"]["parameter"] == "ledger"
    assert parameters["names-wrongly"]["known"] == "request, connection, context"
    assert parameters["invents-a-hook"]["hook"] == "import_books"
    assert parameters["from-the-future"] | {"wanted": "9.0", "ours": "1.0"} == parameters["from-the-future"]
    assert parameters["numbers-itself"]["place"] == "name"
    assert parameters["calls-unsafely"]["host"] == "http://api.example.se"


def test_an_id_that_two_distributions_claim_loads_from_neither(problems: dict[str, Any]) -> None:
    assert problems["twice"]["code"] == "source-id-twice"
    assert problems["twice"]["parameters"]["claims"] == "first 1.0, second 1.0"


@pytest.mark.parametrize("id", ["no-module", "no-attribute", "no-address"])
def test_an_entry_point_that_leads_nowhere_is_a_problem(id: str, problems: dict[str, Any]) -> None:
    assert (problems[id]["stage"], problems[id]["code"]) == ("import", "plugin-import-failed")


def test_a_distribution_whose_entry_points_cannot_be_read_is_named(everything: dict[str, Any]) -> None:
    [problem] = [each for each in everything["problems"] if each["code"] == "distribution-unreadable"]
    assert (problem["source"], problem["distribution"]) == ("", "unreadable")


def test_a_distribution_without_name_is_a_problem(problems: dict[str, Any]) -> None:
    assert problems["unnamed"]["code"] == "distribution-unnamed"


def test_an_id_that_is_asked_for_and_not_installed_is_a_problem(problems: dict[str, Any]) -> None:
    assert problems["never-installed"]["code"] == "source-not-installed"


@pytest.mark.parametrize(("id", "patience"), [("hangs-on-import", (0.2, 10)), ("hangs-on-description", (10, 0.2))])
def test_a_source_that_hangs_is_left_behind_and_lets_the_process_end(
    id: str, patience: tuple[float, float], site: Path
) -> None:
    found = discovered(site, only=[id], patience=patience)
    assert found["sources"] == {}
    [problem] = [each for each in found["problems"] if each["source"]]
    _, stage, code = HANGING[id]
    assert (problem["source"], problem["stage"], problem["code"]) == (id, stage, code)


def test_safe_mode_loads_nothing(site: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(site)
    assert discover(safe_mode=True, only=["plain"]) == Registry({})


def test_a_source_is_called_by_its_name_and_one_that_is_not_loaded_by_its_id(
    site: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.syspath_prepend(site)
    registry = discover(only=["plain"])
    assert registry.name_of("plain") == registry.sources["plain"].info.name != "plain"
    assert registry.name_of("gone") == "gone"


@pytest.mark.parametrize(("value", "loaded"), [("plain, loopback", {"plain", "loopback"}), ("", set()), (" , ", set())])
def test_the_environment_chooses_the_sources(
    value: str, loaded: set[str], site: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.syspath_prepend(site)
    monkeypatch.setenv("CLOSING_SOURCES", value)
    registry = discover()
    assert set(registry.sources) == loaded
    assert {each.code for each in registry.problems} == {"distribution-unreadable"}
    assert set(discover(only=["extra"]).sources) == {"extra"}


def test_without_choice_every_source_loads_among_them_our_own(tmp_path: Path) -> None:
    project = re.search(
        r'^\[project\.entry-points\."closing_host\.data_sources"\]\n(.*?)\n\n',
        (ROOT / "pyproject.toml").read_text("utf-8"),
        re.MULTILINE | re.DOTALL,
    )
    assert project is not None
    stated = f"[{GROUP}]\n" + project[1].replace('"', "") + "\n"
    install(tmp_path / "site", "closing_host", stated, {}, version="0.0.1")
    install_source(tmp_path / "site", "plain", GOOD["plain"])
    found = discovered(tmp_path / "site")
    assert {"plain", "sie4"} <= set(found["sources"])
    assert found["sources"]["sie4"] == ["closing_host", "0.0.1", "SIE", ["export_file", "import_ledger"]]
    assert found["problems"] == []


def test_an_earlier_copy_of_a_distribution_hides_a_later_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for folder, version in (("later", "3.0"), ("earlier", "1.0")):
        (tmp_path / folder).mkdir()
        install_source(tmp_path / folder / "site", "plain", GOOD["plain"], version=version)
        monkeypatch.syspath_prepend(tmp_path / folder / "site")
    registry = discover(only=["plain"])
    assert registry.source("plain").version == "1.0"
    assert registry.problems == ()


def test_asking_for_a_source_that_is_not_there_says_so() -> None:
    with pytest.raises(CapabilityMissing) as caught:
        Registry({}).source("gone")
    assert (caught.value.code, caught.value.parameters) == ("source-not-loaded", {"source": "gone"})


def test_a_distribution_that_cannot_be_read_keeps_no_data_folder_from_opening(site: Path, tmp_path: Path) -> None:
    opening = (
        "import sys; from pathlib import Path; from closing_host.storage.store import Store; "
        "Store.open(Path(sys.argv[1])).close(); import importlib.metadata as m; print(m.entry_points.__module__)"
    )
    done = subprocess.run(
        [sys.executable, "-c", opening, str(tmp_path / "data")],
        env=os.environ | {"PYTHONPATH": f"{site}{os.pathsep}{ROOT / 'src'}"},
        capture_output=True,
        text=True,
        timeout=100,
        check=False,
    )
    assert (done.returncode, done.stdout.strip()) == (0, "importlib.metadata"), done.stderr
