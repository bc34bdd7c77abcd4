"""Programs of others that some tests need: how each is found, and the command that installs it.

Run as a script it installs what it may (root with apt; npm): `make test` does so first. What stays missing
skips its tests loudly.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

_PEERS = Path(__file__).parent / "peers"
ANVIL = _PEERS / "anvil/node_modules/@foundry-rs/anvil-linux-amd64/bin/anvil"


@dataclass(frozen=True, slots=True)
class Tool:
    """A program, the Debian packages that bring it, and what is run after them."""

    found: Callable[[], bool]
    packages: tuple[str, ...] = ()
    then: tuple[str, ...] = ()

    @property
    def command(self) -> str:
        """What a person types."""
        steps = (
            [f"apt-get install -y --no-install-recommends {' '.join(self.packages)}"] if self.packages else []
        )
        return " && ".join([*steps, *([" ".join(self.then)] if self.then else [])])


def _programs(*names: str) -> Callable[[], bool]:
    return lambda: all(shutil.which(name) for name in names)


def chromium() -> str | None:
    """Where the browser is."""
    return shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")


TOOLS = {
    "chromium": Tool(lambda: chromium() is not None, packages=("chromium",)),
    "swaks": Tool(_programs("swaks"), packages=("swaks",)),
    "dovecot": Tool(lambda: Path("/usr/sbin/dovecot").is_file(), packages=("dovecot-imapd",)),
    "postfix": Tool(lambda: Path("/usr/sbin/postfix").is_file(), packages=("postfix",)),
    "wrk": Tool(_programs("wrk"), packages=("wrk",)),
    "npm": Tool(_programs("node", "npm"), packages=("nodejs", "npm")),
    "smpp": Tool(
        lambda: _programs("node")() and (_PEERS / "node_modules/smpp").is_dir(),
        then=("npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--prefix", "tests/peers"),
    ),
    "bcoin": Tool(
        lambda: _programs("node")() and (_PEERS / "bcoin/node_modules/bcoin").is_dir(),
        then=("npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--prefix", "tests/peers/bcoin"),
    ),
    "anvil": Tool(
        lambda: ANVIL.is_file(),
        then=("npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--prefix", "tests/peers/anvil"),
    ),
}


def main() -> None:
    """Installs what is missing and may be installed; never fails, since tests say what they miss."""
    for name, tool in TOOLS.items():
        if tool.found():
            continue
        if tool.packages:
            _apt(tool.packages)
        if tool.then and shutil.which(tool.then[0]):
            _run(*tool.then)
        wanted = "installed" if tool.found() else f"missing, its tests are skipped; run: {tool.command}"
        print(f"{name}: {wanted}")


def _apt(packages: tuple[str, ...]) -> None:
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        return
    install = ("apt-get", "install", "-y", "-q", "--no-install-recommends", *packages)
    if not _run(*install) and _run("apt-get", "update", "-q"):
        _run(*install)


def _run(*words: str) -> bool:
    try:
        done = subprocess.run(
            words,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            env=os.environ | {"DEBIAN_FRONTEND": "noninteractive"},
            cwd=_PEERS.parent.parent,
            timeout=600,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return False
    if done.returncode != 0:
        last = done.stderr.decode(errors="replace").strip().splitlines()[-1:]
        print(f"{' '.join(words[:2])} failed: {''.join(last)}")
    return done.returncode == 0


if __name__ == "__main__":
    sys.exit(main())
