"""`python -m benchmarks`: all measurements, one after the other, each in a process of its own."""

import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parent

if __name__ == "__main__":
    failed = 0
    for path in sorted(HERE.glob("*.py")):
        if path.stem.startswith("__"):
            continue
        print(f"\n── benchmarks.{path.stem}", flush=True)
        failed |= subprocess.run(
            [sys.executable, "-m", f"benchmarks.{path.stem}", *sys.argv[1:]], check=False
        ).returncode
    sys.exit(failed)
