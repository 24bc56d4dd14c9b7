"""300 stories of 50 steps in every run of the tests; `make soak` tells as many as its minutes allow.

`SOAK_SEED` names the seed to begin with; otherwise a soak goes on where the last one ended (`.soak/export-seed`).
"""

import os
import time
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis.stateful import run_state_machine_as_test

from export_world.machine import ExportWorld

RUNS, EXAMPLES, STEPS = 6, 50, 50
SOAK_EXAMPLES, SOAK_STEPS = 50, 100
LAST_SEED = Path(__file__).parents[2] / ".soak" / "export-seed"


def tell(number: int, *, examples: int, steps: int, shrink: bool = True) -> None:
    """Tell `examples` stories of at most `steps` steps, always the same ones for a seed.

    A story that breaks a law is told again, as short as it can be made (with `shrink`).
    """
    run = settings(
        max_examples=examples,
        stateful_step_count=steps,
        deadline=None,
        database=None,
        print_blob=False,
        phases=(Phase.generate, Phase.shrink) if shrink else (Phase.generate,),
        suppress_health_check=list(HealthCheck),
    )
    machine = type("ExportWorld", (ExportWorld,), {})  # one for each seed: Hypothesis keeps its state on the class
    run_state_machine_as_test(seed(number)(machine), settings=run)


@pytest.mark.parametrize("number", range(RUNS))
def test_every_law_holds_in_every_story(number: int) -> None:
    tell(number, examples=EXAMPLES, steps=STEPS)


@pytest.mark.soak
def test_soak(capsys: pytest.CaptureFixture[str]) -> None:
    until = time.monotonic() + 60 * float(os.environ.get("SOAK_MINUTES", "60"))
    known = int(LAST_SEED.read_text()) + 1 if LAST_SEED.is_file() else 1000
    number = first = int(os.environ.get("SOAK_SEED", known))
    ExportWorld.steps = 0
    while time.monotonic() < until:
        with capsys.disabled():
            print(f"seed {number}", flush=True)
        tell(number, examples=SOAK_EXAMPLES, steps=SOAK_STEPS)
        LAST_SEED.parent.mkdir(exist_ok=True)
        LAST_SEED.write_text(f"{number}\n")
        number += 1
    told = (number - first) * SOAK_EXAMPLES
    with capsys.disabled():
        print(f"\nseeds {first}-{number - 1}: {told:,} stories, {ExportWorld.steps:,} steps, no law broken")
