"""Going on until nothing is due any more."""

from export_world.death import Instant
from export_world.journal_laws import next_due
from export_world.world import World

DAYS = 3


def to_rest(world: World, dies: Instant | None = None, *, one_sweep: bool = False) -> None:
    """Resume at every moment at which something is due, for three days; the process may still die on the way.

    `one_sweep`: once nothing is under way any more, go to the end at once, where one final look is left.
    """
    end = world.simulator.clock.timestamp() + DAYS * 86400
    while (due := next_due(world, active=one_sweep)) is not None and world.simulator.clock.timestamp() < end:
        world.advance(max(0.0, due.timestamp() - world.simulator.clock.timestamp()))
        world.resume(dies)
        if next_due(world, active=one_sweep) == due:
            world.advance(30)  # what a dead process held is not free yet
    world.advance(max(0.0, end - world.simulator.clock.timestamp()))
    world.resume(dies)
    if next_due(world) is not None:  # it died over the last look
        world.advance(300)
        world.resume(dies)
