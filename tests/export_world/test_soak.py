"""Stories for as long as `make soak` is to last: seed after seed, each run from where the last one ended.

`SOAK_MINUTES`: how long (60), counted from the start of the tests. `SOAK_SEED`: with which seed to begin, otherwise the
one after that in `.soak/export.json`, which also counts what all runs together have told.
"""

import json
import os
from pathlib import Path

import pytest

from export_world.machine import ExportWorld
from export_world.soak import over
from export_world.stories import tell

EXAMPLES, STEPS = 10, 100
TOLD = Path(__file__).parents[2] / ".soak" / "export.json"


@pytest.mark.soak
def test_every_law_holds_for_as_long_as_it_lasts(capsys: pytest.CaptureFixture[str]) -> None:
    told = json.loads(TOLD.read_text()) if TOLD.is_file() else {"seed": 999, "stories": 0, "steps": 0}
    if "SOAK_SEED" in os.environ:
        told["seed"] = int(os.environ["SOAK_SEED"]) - 1
    TOLD.parent.mkdir(exist_ok=True)
    while not over():
        before = ExportWorld.steps
        tell(told["seed"] + 1, examples=EXAMPLES, steps=STEPS)
        told["seed"] += 1
        told["stories"] += EXAMPLES
        told["steps"] += ExportWorld.steps - before
        TOLD.write_text(json.dumps(told))
        with capsys.disabled():
            print(f"seed {told['seed']}: {told['stories']:,} stories, {told['steps']:,} steps in all", flush=True)
