"""The quality scale: what each rule finds, which tier follows, and the tiers that our own sources hold."""

import textwrap
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from closing_host.api.errors import CapabilityMissing, DataError
from closing_host.cli.source_quality import outcomes
from closing_host.locale import Words
from closing_host.sources.quality import RULES, TIERS, Declared, Judged, Outcome, declared_of, judged
from closing_host.sources.quality.subject import Subject
from closing_host.sources.registry import discover
from closing_host.testing import DataSourceTests
from closing_host.testing.applying import why_not
from closing_host.testing.rules import rules_of
from kit import test_fortnox, test_sie4
from source_distributions import GROUP, install

PASSED = {name: Outcome("passed") for rule in RULES for name in rule.tests}

STATED = Declared({rule.id: "so it is" for rule in RULES if rule.stated})

HELP = "# Books\n\n## Import {#import}\n\nFill in the Key.\n\n## Limits {#limits}\n\n## Trouble {#troubleshooting}\n"

GOOD = {
    "__init__.py": "",
    "py.typed": "",
    "plugin.py": """
        from pydantic import BaseModel, Field
        from closing_host.api.context import ImportRequest
        from closing_host.api.hookspecs import hookimpl
        from closing_host.api.ledger import LedgerBuilder
        from closing_host.api.source import Files, SourceInfo
        from {package} import reading

        class Settings(BaseModel):
            key: str = Field("1", title="Key")

        @hookimpl
        def describe_source() -> SourceInfo:
            return SourceInfo(name="Books", engagement=Settings, files=Files((".csv",), bool), package="{package}")

        @hookimpl
        def import_ledger(request: ImportRequest) -> LedgerBuilder:
            return reading.read(request)
    """,
    "reading.py": """
        from closing_host.api.context import ImportRequest
        from closing_host.api.ledger import Company, LedgerBuilder

        def read(request: ImportRequest) -> LedgerBuilder:
            return LedgerBuilder(Company(), [])
    """,
    "locale/en.toml": 'books-wrong = "It is wrong. Put it right."\n',
    "locale/sv.toml": 'books-wrong = "Det är fel. Rätta det."\nKey = "Nyckel"\n',
    "help/en.md": HELP,
    "help/sv.md": HELP,
}

READ = "            return LedgerBuilder(Company(), [])\n"
INFO = 'SourceInfo(name="Books", '

WRONG: dict[str, tuple[str, str, str, str]] = {
    # rule: the file, what stands there, what is wrong instead, what the author is told
    "contract": ("plugin.py", INFO, INFO + "contract=((0, 1), (3, 0)), ", "before 3.0"),
    "small-modules": ("reading.py", READ, READ + "\n" * 400 + "        LAST = 1\n", ".reading: 4"),
    "no-floats": ("reading.py", READ, "            float('1')\n" + READ, ".reading:6"),
    "help": ("help/sv.md", "{#import}", "", "help/sv.md {#import}"),
    "help-settings": ("help/en.md", "Key", "", "Key"),
    "help-limits": ("help/en.md", "{#limits}", "", "help/en.md {#limits}"),
    "translated-errors": ("locale/sv.toml", "books-wrong", "other", "books-wrong"),
    "translated-labels": ("locale/sv.toml", "Key", "Lock", "Key"),
    "next-steps": ("locale/en.toml", " Put it right.", "", "books-wrong"),
    "no-own-network": ("reading.py", READ, "            import urllib.request\n" + READ, ".reading: urllib.request"),
    "strict-types": ("reading.py", "request: ImportRequest)", "request)", ".reading:5"),
}


def subject(folder: Path, package: str, files: Mapping[str, str]) -> Subject:
    """An installed source `package` with these files."""
    modules = {f"{package}/{name}": textwrap.dedent(text).replace("{package}", package) for name, text in files.items()}
    folder.mkdir()
    install(folder / "site", package, f"[{GROUP}]\n{package} = {package}.plugin\n", modules)
    return Subject(discover(only=[package]).source(package))


def verdict(verdicts: tuple[Judged, ...], rule: str) -> Judged:
    return next(each for each in verdicts if each.rule.id == rule)


@pytest.fixture(scope="module")
def good(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Subject]:
    folder = tmp_path_factory.mktemp("quality")
    with pytest.MonkeyPatch.context() as patched:
        patched.syspath_prepend(folder / "good" / "site")
        yield subject(folder / "good", "good_books", GOOD)


def test_a_source_that_keeps_every_rule_is_platinum(good: Subject) -> None:
    tier, verdicts = judged(good, STATED, PASSED)
    assert [(each.rule.id, each.why) for each in verdicts if each.verdict not in ("holds", "stated")] == [
        ("help-connection", "no authorize")
    ]
    assert tier == "platinum"


@pytest.mark.parametrize("rule", WRONG)
def test_each_look_finds_what_is_wrong(rule: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file, stands, instead, told = WRONG[rule]
    assert stands in GOOD[file]
    package = f"wrong_{rule.replace('-', '_')}"
    monkeypatch.syspath_prepend(tmp_path / "wrong" / "site")
    made = subject(tmp_path / "wrong", package, GOOD | {file: GOOD[file].replace(stands, instead)})
    tier, verdicts = judged(made, STATED, PASSED)
    assert [each.rule.id for each in verdicts if each.verdict == "missing"] == [rule]
    assert told in verdict(verdicts, rule).why
    below = TIERS.index(verdict(verdicts, rule).rule.tier)
    assert tier == (TIERS[below - 1] if below else None)


def test_every_look_has_its_wrong_source() -> None:
    assert {rule.id for rule in RULES if rule.look} - set(WRONG) == {"help-connection"}


@pytest.mark.parametrize(
    ("outcome", "rule", "expected"),
    [
        (Outcome("failed"), "years", "missing"),
        (Outcome("exempt", "a reason"), "years", "exempt"),
        (Outcome("not-applicable", "the source has no list_years", excused=True), "years", "not-applicable"),
        (Outcome("not-applicable", "Fake does not state hold"), "years", "missing"),
        (Outcome("not-applicable", "the source reads no files", excused=True), "golden-year", "missing"),
        (None, "years", "not-tried"),
    ],
)
def test_a_rule_follows_its_tests(outcome: Outcome | None, rule: str, expected: str, good: Subject) -> None:
    (name,) = next(each.tests for each in RULES if each.id == rule)
    tests = {**PASSED, name: outcome} if outcome else {key: value for key, value in PASSED.items() if key != name}
    assert verdict(judged(good, STATED, tests)[1], rule).verdict == expected


def test_what_a_source_states_counts_and_a_needless_exemption_does_not(good: Subject) -> None:
    tier, verdicts = judged(good, Declared(), PASSED)
    assert tier is None
    assert {each.rule.id for each in verdicts if each.verdict == "missing"} == set(STATED.stated)
    failing = PASSED | {"test_years_are_listed_newest_first": Outcome("failed")}
    exempt = Declared(STATED.stated, {"years": "the API sorts otherwise"})
    tier, verdicts = judged(good, exempt, failing)
    assert (verdict(verdicts, "years").verdict, tier) == ("exempt", "platinum")
    assert verdict(judged(good, exempt, PASSED)[1], "years").verdict == "missing"


@pytest.mark.parametrize("text", ["stated = 1", "[state]\nx = 'y'", "[stated]\nowner = ''", "no toml at all"])
def test_a_declaration_that_is_none_is_told(text: str, good: Subject) -> None:
    (good.folder / "quality.toml").write_text(text, "utf-8")
    with pytest.raises(DataError) as caught:
        declared_of(good)
    assert caught.value.code == "quality-unreadable"
    (good.folder / "quality.toml").write_text("[stated]\nowner = 'Åsa'\n[exempt]\nyears = 'none'\n", "utf-8")
    assert declared_of(good) == Declared({"owner": "Åsa"}, {"years": "none"})
    (good.folder / "quality.toml").unlink()
    assert declared_of(good) == Declared()


def test_every_test_of_the_kit_belongs_to_one_rule() -> None:
    named = [name for rule in RULES for name in rule.tests]
    assert sorted(named) == sorted(rules_of(DataSourceTests))


def test_all_rules_but_three_are_checked_by_machine() -> None:
    assert [rule.id for rule in RULES if rule.stated] == ["open-dependencies", "owner", "heavy-off"]
    assert all(bool(rule.tests) + bool(rule.look) + rule.stated == 1 for rule in RULES)
    assert len({rule.id for rule in RULES}) == len(RULES)
    assert [TIERS.index(rule.tier) for rule in RULES] == sorted(TIERS.index(rule.tier) for rule in RULES)


def test_every_rule_has_words_in_both_languages() -> None:
    for rule in RULES:
        said = {Words(language).message(rule.code, {}) for language in ("en", "sv")}
        assert len(said) == 2
        assert rule.code not in said


def would_end(cls: type[DataSourceTests]) -> dict[str, Outcome]:
    """How the kit's tests of a class end when none fails: they run in this very suite, which would fail then."""
    reasons = {name: why_not(cls, rule) for name, rule in rules_of(cls).items()}
    return {
        name: Outcome("not-applicable", reason, excused=reason.startswith("the source "))
        if reason
        else Outcome("exempt", cls.exempt[name])
        if name in cls.exempt
        else Outcome("passed")
        for name, reason in reasons.items()
    }


# A year recorded at Fortnox itself, not at our simulator, is what is missing there.
@pytest.mark.parametrize(
    ("cls", "tier", "missing"),
    [(test_sie4.TestSie4, "platinum", []), (test_fortnox.TestFortnox, "gold", ["golden-year"])],
)
def test_our_own_sources_hold_their_tiers(cls: type[DataSourceTests], tier: str, missing: list[str]) -> None:
    assert isinstance(cls.source, str)
    own = Subject(discover(only=[cls.source]).source(cls.source))
    reached, verdicts = judged(own, declared_of(own), would_end(cls))
    assert [each.rule.id for each in verdicts if each.verdict in ("missing", "not-tried")] == missing
    assert reached == tier


AUTHOR = """
from closing_host.testing import DataSourceTests, Sample
from small_sie import sie, voucher

class TestBooks(DataSourceTests):
    source = "sie4"
    samples = (Sample(sie(voucher(1)), "x.se", vouchers=99),)
    exempt = {"test_swedish_letters_survive": "the samples state no texts"}
"""


def test_the_kit_is_really_run_for_the_scale(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONPATH", str(Path(__file__).parents[2]))
    file = tmp_path / "test_books.py"
    file.write_text(AUTHOR, "utf-8")
    wanted = ("vouchers_balance", "vouchers_are_all_there", "swedish_letters_survive", "years_are_listed_newest_first")
    found = outcomes("sie4", tuple(Path(f"{file}::TestBooks::test_{name}") for name in wanted))
    assert {name: each.state for name, each in found.items()} == {
        "test_vouchers_balance": "passed",
        "test_vouchers_are_all_there": "failed",
        "test_swedish_letters_survive": "exempt",
        "test_years_are_listed_newest_first": "not-applicable",
    }
    assert found["test_swedish_letters_survive"].reason == "the samples state no texts"
    assert found["test_years_are_listed_newest_first"].excused


def test_without_a_test_of_the_kit_there_is_nothing_to_judge_by(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("closing_host.cli.source_quality.tried", lambda tests: ({}, "no tests ran"))
    with pytest.raises(CapabilityMissing) as caught:
        outcomes("sie4", ())
    assert (caught.value.code, caught.value.detail) == ("kit-not-tried", "no tests ran")
