"""Reads the mails of tests/contact/corpus in a process of its own and prints what it measured as JSON: `speed <rounds>
<messages>` or `worst`.
"""

import email
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

sys.path[:0] = [str(Path(__file__).parent.parent / "tests")]
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "activkode.config.settings")
os.environ.setdefault("SECRET_KEY", "bench keeps no secret")

from bench.figures import alternate  # noqa: E402
from contact import letters  # noqa: E402

_READ = ("subjects", "amounts", "addresses", "languages", "genuine", "reviews", "forged")


def speed(rounds: int, messages: int) -> dict[str, float]:
    """Mails a second: read whole, with authentication, and parsed by the standard library alone."""
    chosen = [letter for name in _READ for letter in letters.of(name)]
    mails = [(letter, letter.raw()) for letter in (chosen * (messages // len(chosen) + 1))[:messages]]

    def read() -> float:
        begun = time.process_time()  # nothing here waits: the DNS is in memory
        for letter, raw in mails:
            letter.read(raw)
        return messages / (time.process_time() - begun)

    def parsed() -> float:
        begun = time.process_time()
        for _, raw in mails:
            email.message_from_bytes(raw)
        return messages / (time.process_time() - begun)

    found = alternate(rounds, read, parsed)
    return {"read": found[0], "parsed": found[1]}


def worst() -> dict[str, float | str]:
    """The slowest mail, and the one that makes a process that only reads it the largest."""
    times = {}
    letters.all_letters()[0].read()  # what the first mail loads is no mail's time
    for letter in letters.all_letters():
        raw = letter.raw()
        begun = time.perf_counter()
        letter.read(raw)
        times[letter.name] = time.perf_counter() - begun
    slowest = max(times, key=lambda name: times[name])
    suspects = sorted(letters.all_letters(), key=lambda letter: -len(letter.raw()))[:3]
    memory = {letter.name: _memory(letter) for letter in suspects}
    largest = max(memory, key=lambda name: memory[name])
    return {"slowest": slowest, "seconds": times[slowest], "largest": largest, "mib": memory[largest]}


def _memory(letter: letters.Letter) -> float:
    """MiB of a process that reads this mail from a file and does nothing else."""
    with tempfile.NamedTemporaryFile() as file:
        file.write(letter.raw())
        file.flush()
        reader = str(Path(__file__).parent / "one_letter.py")
        done = subprocess.run([sys.executable, reader, file.name], capture_output=True, check=True)
    return float(done.stdout)


def main(words: list[str]) -> None:
    """As the module says."""
    print(json.dumps(speed(*map(int, words[1:])) if words[0] == "speed" else worst()))


main(sys.argv[1:])
