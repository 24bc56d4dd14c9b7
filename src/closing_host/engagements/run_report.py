"""A run as support may see it: what ran, when and how it ended; no names, no texts from the books, no secrets (G9)."""

import platform
import re
from collections.abc import Mapping
from importlib.metadata import version
from typing import Final

from closing_host.engagements.host import Host
from closing_host.storage.audit import events
from closing_host.storage.runs import Run
from closing_host.storage.tables import REVISION

EVENTS: Final = 40

_PLAIN: Final = re.compile(r"True|False|[0-9]{4}-[0-9]{2}-[0-9]{2}|\[?[0-9]{1,5}(?:, [0-9]{1,5})*\]?")
"""Short figures and dates. A longer number may be an organisation number, which for a sole trader is a person's, and
anything else may be somebody's words."""

_NAME: Final = re.compile(r"[a-z][a-z0-9_-]{0,59}", re.IGNORECASE)


def report_of(host: Host, run: Run) -> dict[str, object]:
    """The run, the versions, and the trail's latest events around it. Parameters that are no figures lose their text.

    What the source itself said (`error_detail`) is left out: it may quote anything.
    """
    sources = {each.id: f"{each.distribution} {each.version}" for each in host.sources.sources.values()}
    with host.store.database.read() as connection:
        told = events(connection, engagement_id=run.engagement_id, limit=EVENTS)
    return {
        "run": run.id,
        "kind": run.kind,
        "state": run.state,
        "engagement": run.engagement_id,
        "year": run.year_start,
        "created": run.created_at,
        "started": run.started_at,
        "finished": run.finished_at,
        "progress": f"{_named(run.progress.stage)} {run.progress.done}/{run.progress.total}",
        "error": _named(run.error_code or ""),
        "parameters": redacted(run.error_parameters or {}),
        "outcome": redacted({name: str(value) for name, value in (run.outcome or {}).items()}),
        "closing-host": version("closing-host"),
        "python": platform.python_version(),
        "system": platform.system(),
        "database": REVISION,
        "sources": sources,
        "events": [f"{each.seq} {each.at_utc.isoformat()} {each.action} {each.run_id or ''}".strip() for each in told],
    }


def redacted(parameters: Mapping[str, str]) -> dict[str, str]:
    """Figures as they are; of any other text only how long it is."""
    return {
        _named(name): value if _PLAIN.fullmatch(value) or not value else f"[{len(value)} characters]"
        for name, value in parameters.items()
    }


def _named(word: str) -> str:
    """A name that a program gave, such as a code; of anything else only how long it is."""
    return word if not word or _NAME.fullmatch(word) else f"[{len(word)} characters]"


def report_text(report: Mapping[str, object]) -> str:
    """The report, a line for each field."""
    lines: list[str] = []
    for name, value in report.items():
        if isinstance(value, Mapping):
            lines += [f"{name}.{key}: {each}" for key, each in value.items()]
        elif isinstance(value, list):
            lines += [f"{name}: {each}" for each in value]
        else:
            lines.append(f"{name}: {'' if value is None else value}")
    return "\n".join([*lines, ""])
