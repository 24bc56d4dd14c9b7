"""Where the real SIE files are that tests read when they are there: `$SIE_SAMPLES`, else beside the checkout."""

import os
from pathlib import Path

_BESIDE = Path(__file__).resolve().parents[2] / "shared" / "sie-samples"

FOLDER = Path(os.environ.get("SIE_SAMPLES", _BESIDE))

MISSING = "no sample files: set SIE_SAMPLES to their folder"


def sample_files() -> list[Path]:
    """All SIE 1-4 files of the folder in order of name; empty where there is no folder."""
    if not FOLDER.is_dir():
        return []
    return sorted(path for path in FOLDER.iterdir() if path.suffix.lower() in {".se", ".si"})
