"""A faithful local Fortnox: consent pages, REST, SIE and faults over one ledger model, for tests and demonstrations.

Facts are cited as F (fortnox-api.md), rules as T (trust.md) and P (product.md), with the confidence marks of F 0:
D documented, O official SDK, R recorded, C claimed by clients, I inferred, U unknown (a switch). It imports nothing of
the product, so that it can be a witness against it. It opens loopback sockets only.
"""

from datasource_fortnox.simulator.app import create_app
from datasource_fortnox.simulator.clock import Clock
from datasource_fortnox.simulator.company import Company
from datasource_fortnox.simulator.control import create_control
from datasource_fortnox.simulator.memory import Memory, recall, remember
from datasource_fortnox.simulator.server import RunningSimulator, Simulator
from datasource_fortnox.simulator.switches import Switches
from datasource_fortnox.simulator.totals import Totals, totals
from datasource_fortnox.simulator.transport import SimulatorTransport
from datasource_fortnox.simulator.world import World

__all__ = [
    "Clock",
    "Company",
    "Memory",
    "RunningSimulator",
    "Simulator",
    "SimulatorTransport",
    "Switches",
    "Totals",
    "World",
    "create_app",
    "create_control",
    "recall",
    "remember",
    "totals",
]
