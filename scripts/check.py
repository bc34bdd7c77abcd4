"""Runs what every change must pass: named steps, each timed; exit 1 where one fails.

`check.py lint types` runs those alone, `check.py --without tests` all others.
"""

import os
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).parent.parent
BIN = Path(".venv/bin")
STEPS = {
    "lint": [f"{BIN}/ruff", "check", "."],
    "format": [f"{BIN}/ruff", "format", "--check", "."],
    "types": [f"{BIN}/mypy"],
    "imports": [f"{BIN}/lint-imports"],
    "documents": [f"{BIN}/python", "scripts/documents.py", "--check"],
    "races": [f"{BIN}/pytest", "-q", "-m", "races", "tests/races"],
    "faults": [f"{BIN}/pytest", "-q", "-m", "faults", "tests/faults", "tests/doors/signer"],
    "tests": ["make", "--no-print-directory", "test"],
}


def main(words: list[str]) -> int:
    """Runs the chosen steps to the end, prints a table, and returns the exit code."""
    results = [(name, *_run(name)) for name in _chosen(words)]
    print("\n== steps")
    for name, code, seconds in results:
        print(f"{'ok' if code == 0 else 'FAILED':<8}{name:<12}{seconds:8.1f} s")
    return int(any(code != 0 for _, code, _ in results))


def _chosen(words: list[str]) -> list[str]:
    without = words[words.index("--without") + 1 :] if "--without" in words else []
    named = [word for word in words if word in STEPS and word not in without] or list(STEPS)
    unknown = {word for word in words if word not in STEPS} - {"--without"}
    if unknown:
        raise SystemExit(f"no such step: {', '.join(sorted(unknown))}; there are {', '.join(STEPS)}")
    return [name for name in named if name not in without]


def _run(name: str) -> tuple[int, float]:
    print(f"\n== {name}: {' '.join(STEPS[name])}", flush=True)
    begun = time.monotonic()
    environment = os.environ | {"PATH": f"{ROOT / BIN}{os.pathsep}{os.environ['PATH']}"}
    code = subprocess.run(
        STEPS[name], cwd=ROOT, env=environment, stdin=subprocess.DEVNULL, check=False
    ).returncode
    return code, time.monotonic() - begun


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
