"""A tied process ends with its parent, however that dies."""

import os
import signal
import subprocess
import sys
from pathlib import Path

from activkode.doors.up import tether
from seen import alive, needs_root, soon

PARENT = """
import signal, subprocess, sys, time
from activkode.doors.up import tether
child = subprocess.Popen(tether.command(["/bin/sleep", "600"], on_parent_death=signal.SIGTERM))
print(child.pid, flush=True)
time.sleep(600)
"""


def test_it_ends_when_its_parent_is_killed() -> None:
    parent = subprocess.Popen([sys.executable, "-c", PARENT], stdout=subprocess.PIPE, text=True)
    assert parent.stdout is not None
    with parent.stdout:
        child = int(parent.stdout.readline())
    assert alive(child)
    parent.kill()
    parent.wait()

    assert soon(lambda: not alive(child), seconds=5)


def test_it_does_not_begin_when_its_parent_is_gone_already(tmp_path: Path) -> None:
    words = tether.command(["/usr/bin/touch", str(tmp_path / "begun")], on_parent_death=signal.SIGTERM)
    stranger = words.index(str(os.getpid()))
    words[stranger] = "1"

    assert subprocess.run(words, check=False).returncode == 0
    assert not (tmp_path / "begun").exists()


@needs_root
def test_it_gives_up_root_with_all_its_groups() -> None:
    words = tether.command(["/usr/bin/id"], on_parent_death=signal.SIGTERM, user=(65534, 65534))

    said = subprocess.run(words, capture_output=True, text=True, check=True).stdout

    assert said.count("65534") == 3
    assert "root" not in said
