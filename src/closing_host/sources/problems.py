"""What is said of a plugin that cannot be used. A problem is data, so that the host starts whatever is installed."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

Stage = Literal["find", "import", "hooks", "describe", "declaration"]
"""Where it stopped: the metadata of its distribution, importing it, its hooks' form, calling `describe_source`, or
what that declares."""


@dataclass(frozen=True, slots=True)
class PluginProblem:
    """One entry point that was not loaded, and why.

    `code` and `parameters` make its words; `distribution` and `version` are "" when nothing installed has the id.
    `trace` is the traceback for the log, "" when no code of the plugin failed.
    """

    source: str
    distribution: str
    version: str
    stage: Stage
    code: str
    parameters: Mapping[str, object] = field(default_factory=dict)
    trace: str = ""


class Refused(Exception):
    """A plugin breaks a rule of the contract: `code` and parameters of the problem that it becomes."""

    def __init__(self, code: str, /, **parameters: object) -> None:
        super().__init__(code)
        self.code = code
        self.parameters = parameters
