"""Letting Hypothesis tell stories of the export's world, always the same ones for a seed."""

from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis.stateful import run_state_machine_as_test

from export_world.machine import ExportWorld


def tell(number: int, *, examples: int, steps: int, pause: int = 0, shrink: bool = True) -> None:
    """Tell `examples` stories of at most `steps` steps, always the same ones for a seed.

    `pause`: see `ExportWorld`. A story that breaks a law is told again, as short as it can be made (with `shrink`).
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
    machine = type(
        "ExportWorld", (ExportWorld,), {"pause": pause}
    )  # one for each seed: Hypothesis keeps its state on the class
    run_state_machine_as_test(seed(number)(machine), settings=run)
