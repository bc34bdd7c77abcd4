"""Mail to the contact address: how many a second are read with authentication, beside the standard library's parsing alone in
the same run; and the worst mail of the corpus in seconds and MiB. Each runs in one process of its own.
"""

import json
import subprocess
import sys
from pathlib import Path

from bench.figures import Row, Size, row

WANTED_PER_SECOND = 200.0
WORST_SECONDS = 1.0
WORST_MIB = 200.0
_READER = Path(__file__).parent / "letters.py"


def figures(size: Size) -> list[Row]:
    """Messages a second, and the worst mail."""
    speed = _run("speed", str(size.rounds), str(size.messages))
    worst = _run("worst")
    return [
        row("mails read with authentication", speed["read"], "1/s", WANTED_PER_SECOND, least=1.0),
        row("... beside the standard library's parsing alone", speed["read"], "1/s", speed["parsed"]),
        row(f"worst mail: seconds ({worst['slowest']})", worst["seconds"], "s", WORST_SECONDS, most=1.0),
        row(f"worst mail: memory ({worst['largest']})", worst["mib"], "MiB", WORST_MIB, most=1.0),
    ]


def _run(*words: str) -> dict[str, float]:
    done = subprocess.run([sys.executable, str(_READER), *words], capture_output=True, text=True, check=True)
    found: dict[str, float] = json.loads(done.stdout)
    return found
