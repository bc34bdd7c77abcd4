"""Kannel's SMSC simulator delivers to our receiver. It listens on every address of the machine, so both are
shut into a network namespace with nothing but loopback in it."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

pytestmark = pytest.mark.peers

SMSC = Path("/usr/lib/kannel/test/drive_smpp")
PORT, MESSAGES = "2345", 25
WANTED = "needs kannel; run as root: apt-get install -y --no-install-recommends kannel-extras"


@pytest.fixture
def namespace() -> Iterator[list[str]]:
    """The words that run a command inside a namespace of its own."""
    if not SMSC.exists():
        pytest.skip(WANTED)
    name = f"activkode-{os.getpid()}"
    if not shutil.which("ip") or not _done("ip", "netns", "add", name):
        pytest.skip("needs a network namespace; run: the tests as root, with iproute2")
    inside = ["ip", "netns", "exec", name]
    assert _done(*inside, "ip", "link", "set", "lo", "up")
    yield inside
    assert _done("ip", "netns", "del", name)


def test_its_simulator_delivers_and_every_message_is_kept(namespace: list[str], tmp_path: Path) -> None:
    receive = [sys.executable, str(Path(__file__).parent / "receive.py"), PORT, str(MESSAGES)]
    with (tmp_path / "kannel.log").open("wb") as log:
        kannel = subprocess.Popen(
            [*namespace, str(SMSC), "-p", PORT, "-m", str(MESSAGES)], cwd=tmp_path, stdout=log, stderr=log
        )
    try:
        output = subprocess.run(
            [*namespace, *receive], capture_output=True, text=True, timeout=60, check=True
        )
    finally:
        kannel.kill()
        kannel.wait(20)
    texts = [line.split()[1] for line in output.stdout.splitlines() if line.startswith("kept")]
    assert sorted(map(int, texts)) == list(range(1, MESSAGES + 1))


def _done(*words: str) -> bool:
    return subprocess.run(words, capture_output=True, check=False).returncode == 0
