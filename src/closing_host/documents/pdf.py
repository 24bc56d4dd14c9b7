"""Reports as PDF/A, set from one template by a process of its own (`typesetter`)."""

import json
import os
import subprocess
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Final

from closing_host.api.errors import ClosingError
from closing_host.closing.schedule import LONGEST_COMMENT
from closing_host.documents.printable import breakable, cut, printable
from closing_host.documents.report import Report, Section, Table
from closing_host.documents.target import Target, opened

PATIENCE: Final = 120.0
"""Seconds for one file; a full one takes about two."""

_TYPESETTER: Final = Path(__file__).with_name("typesetter.py")


def write_pdf(report: Report, target: Target) -> None:
    """Write `report`. The same report gives the same bytes on every machine.

    Raises `OSError`, and `ClosingError` `document-failed` when it cannot be set.
    """
    content = _typeset(report)
    with opened(target) as file:
        file.write(content)


def _typeset(report: Report) -> bytes:
    stated = {"report": report_content(report), "timestamp": int(report.made_at.timestamp())}
    try:
        done = subprocess.run(  # noqa: S603  our own program, and what it is given is data
            [sys.executable, "-I", str(_TYPESETTER)],
            input=json.dumps(stated).encode(),
            capture_output=True,
            timeout=PATIENCE,
            check=True,
            env={**os.environ, "RUST_BACKTRACE": "0"},
        )
    except subprocess.TimeoutExpired as error:
        raise ClosingError("document-failed", seconds=int(PATIENCE)) from error
    except subprocess.CalledProcessError as error:
        last = error.stderr.decode("utf-8", "replace").strip().splitlines()[-1:]
        raise ClosingError("document-failed", seconds=int(PATIENCE), detail="".join(last)) from error
    return done.stdout


def report_content(report: Report) -> dict[str, object]:
    """The report as the template takes it: plain JSON, every text printable."""
    texts = ("title", "owner", "language", "foot", "page", "continued", "warning", "part")
    return {
        **{name: cut(printable(getattr(report, name))) for name in texts},
        "wide": report.wide,
        "facts": [[printable(label), _cell(value)] for label, value in report.facts],
        "sections": [_section(each) for each in report.sections],
    }


def _section(section: Section) -> dict[str, object]:
    stated: dict[str, object] = {
        "title": printable(section.title),
        "lead": "",
        "continued": False,
        "half": False,
        "columns": [],
        "lines": [],
        "texts": [],
    }
    if not isinstance(section, Table):
        return {**stated, "texts": [breakable(cut(printable(each), LONGEST_COMMENT)) for each in section.texts]}
    return {
        **stated,
        "lead": printable(section.lead),
        "continued": section.continued,
        "half": section.half,
        "columns": [{**asdict(each), "title": printable(each.title)} for each in section.columns],
        "lines": [{"kind": line.kind, "cells": [_cell(cell) for cell in line.cells]} for line in section.lines],
    }


def _cell(text: str) -> str:
    return breakable(cut(printable(text)))
