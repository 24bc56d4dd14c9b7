"""`closing source quality`: the tier that a source reaches, and what is missing for the next."""

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

from cyclopts import Parameter

from closing_host.api.errors import CapabilityMissing
from closing_host.cli import output
from closing_host.cli.session import session

if TYPE_CHECKING:
    from closing_host.sources.quality import Judged, Outcome, Tier

MARKS: Final = {"holds": "✓", "stated": "✓", "exempt": "✓", "not-applicable": "–", "missing": "✗", "not-tried": "?"}

BELOW: Final = 1


def quality(
    source: str,
    /,
    *,
    kit: Annotated[
        tuple[Path, ...],
        Parameter(help="The source's own tests with the conformance kit; repeatable."),
    ] = (),
    everything: Annotated[bool, Parameter(name="--all", negative="", help="Show the rules that hold, too.")] = False,
) -> int:
    """Say which tier of the quality scale a source reaches (bronze, silver, gold, platinum), and what is missing.

    Most rules are tests of the conformance kit: name the source's own tests with --kit, and they are run. The others
    are looked up in its declaration, words, help and code. Exit code 1 when the source reaches no tier.

    Parameters
    ----------
    source
        The source's id; see closing source list.
    """
    from closing_host.sources.quality import declared_of, judged
    from closing_host.sources.quality.subject import Subject
    from closing_host.sources.registry import discover

    subject = Subject(discover(only=[source]).source(source))
    declared = declared_of(subject)
    tests = outcomes(source, kit) if kit else {}
    tier, verdicts = judged(subject, declared, tests)
    words = session().words
    data = {
        "id": source,
        "tier": tier,
        "rules": [
            {
                "id": each.rule.id,
                "tier": each.rule.tier,
                "verdict": each.verdict,
                "why": each.why,
                "demand": words.message(each.rule.code, {}),
            }
            for each in verdicts
        ],
    }
    output.result(data, lambda: _show(subject.info.name, tier, verdicts, kit_tried=bool(kit), everything=everything))
    return 0 if tier else BELOW


def outcomes(source: str, tests: tuple[Path, ...]) -> "dict[str, Outcome]":
    """How the tests of the kit in these files ended for the source.

    Raises `CapabilityMissing`: `kit-missing` without pytest, `kit-not-tried` when no test of the kit was found for it.
    """
    ended, said = tried(tests)
    found = ended.get(source) or ended.get("", {})
    if not found:
        raise CapabilityMissing("kit-not-tried", source=source, detail=said)
    return found


def tried(tests: tuple[Path, ...]) -> "tuple[dict[str, dict[str, Outcome]], str]":
    """How the tests of the kit in these files ended, by source ("" for one given as an object), and the end of what
    pytest said.

    Raises `CapabilityMissing` `kit-missing` without pytest.
    """
    from importlib.util import find_spec

    from closing_host.sources.quality import Outcome

    if find_spec("pytest") is None:
        raise CapabilityMissing("kit-missing")
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder) / "outcomes.json"
        done = subprocess.run(  # noqa: S603 - this interpreter, on files that the user names
            [sys.executable, "-m", "pytest", "-q", "-p", "closing_host.testing.outcomes", *map(str, tests)],
            env=os.environ | {"CLOSING_KIT_OUTCOMES": str(target)},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        ended = json.loads(target.read_text("utf-8")) if target.is_file() else {}
    by_source = {
        source: {name: Outcome(**each) for name, each in outcomes_.items()} for source, outcomes_ in ended.items()
    }
    return by_source, done.stdout[-2000:]


def _show(name: str, tier: "Tier | None", verdicts: "tuple[Judged, ...]", *, kit_tried: bool, everything: bool) -> None:
    from closing_host.sources.quality import TIERS

    words = session().words
    tiers = dict(zip(TIERS, words.texts("bronze", "silver", "gold", "platinum"), strict=True))
    reached = tiers[tier] if tier else words.text("none yet")
    output.line(words.text("{source}: tier {tier}.", source=name, tier=reached), style="bold")
    good = ("holds", "stated", "not-applicable")
    shown = [each for each in verdicts if everything or each.verdict not in good]
    rows = [
        (tiers[each.rule.tier], MARKS[each.verdict], each.rule.id, words.message(each.rule.code, {}), _why(each))
        for each in shown
    ]
    if rows:
        output.table("", words.texts("Tier", "", "Rule", "Demand", "Why"), rows)
    holding = sum(each.verdict in good for each in verdicts)
    output.line(words.text("{good} of {all} rules hold or do not apply.", good=holding, all=len(verdicts)))
    if not kit_tried:
        output.line(words.text("The tests of the conformance kit were not run: name them with --kit PATH."))


def _why(each: "Judged") -> str:
    words = session().words
    if each.verdict == "not-tried":
        return words.text("not tried")
    if each.verdict == "exempt":
        return words.text("exempt: {reason}", reason=each.why)
    if each.verdict == "missing" and each.rule.stated:
        return words.text("say how it holds in quality.toml")
    return each.why
