"""A signer's machine as a test holds it: its files, its process, and payouts of ether that it may be asked to sign."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from activkode.doors.signer import keys, limits
from activkode.doors.signer.coins.ethereum import EthereumKey, read
from activkode.doors.signer.desk import Desk
from activkode.doors.signer.journal import Journal
from activkode.funding.policy import Asset
from activkode.withdrawals.chains.ethereum_forms import Payment, body_of
from activkode.withdrawals.signing import SignerAt

GWEI, ETHER = 10**9, 10**18
SECRET = "a-secret-of-forty-characters-for-the-test"
PRIVATE = "4c0883a69102937d6231471b5dbb6204fe5129617082792ae468d01a3f362318"
KEY: EthereumKey = read({"private_key": PRIVATE, "chain_id": 1})
ALICE = "0x1f9840a85d5aF5bf1D1762F925BDADdC4201F984"
MALLORY = "0x6B175474E89094C44Da98b954EedeAC495271d0F"
LIMITS = {"ETH": {"payout": "2", "day": "5", "fee": "0.002", "fee_day": "0.01"}}
PAYMENT = Payment(1, 0, GWEI, 40 * GWEI, 21_000, ALICE.lower(), ETHER)


def payment(**changed: Any) -> Payment:
    """A payment of one ether to Alice under number 0, but for what is changed."""
    return replace(PAYMENT, **changed)


def body(**changed: Any) -> dict[str, Any]:
    """The same, unsigned, as it is handed to a signer."""
    return body_of(payment(**changed), KEY.wallet, "")


@dataclass
class Machine:
    """The files of a signer, in a directory of its own."""

    place: Path
    process: subprocess.Popen[bytes] | None = None

    def __post_init__(self) -> None:
        self.write("keys.json", {"ETH": {"private_key": PRIVATE, "chain_id": 1}})
        self.write("limits.json", LIMITS)
        self.write("secret", SECRET)

    def write(self, name: str, content: Any, mode: int = 0o600) -> Path:
        """A file."""
        path = self.place / name
        path.write_text(content if isinstance(content, str) else json.dumps(content))
        path.chmod(mode)
        return path

    @property
    def journal(self) -> Path:
        """What it has signed."""
        return self.place / "journal"

    @property
    def socket(self) -> Path:
        """Where it listens."""
        return self.place / "signer.sock"

    @property
    def at(self) -> SignerAt:
        """How it is asked."""
        return SignerAt(f"unix:{self.socket}", SECRET)

    @property
    def environment(self) -> dict[str, str]:
        """Its settings, and nothing else: no database, no Django."""
        return {
            "PATH": os.environ["PATH"],
            "ACTIVKODE_SIGNER_KEYS": str(self.place / "keys.json"),
            "ACTIVKODE_SIGNER_LIMITS": str(self.place / "limits.json"),
            "ACTIVKODE_SIGNER_JOURNAL": str(self.journal),
            "ACTIVKODE_SIGNER_SECRET_FILE": str(self.place / "secret"),
            "ACTIVKODE_SIGNER_LISTEN": f"unix:{self.socket}",
        }

    def desk(self) -> Desk:
        """What signs, in this process."""
        path = self.place / "keys.json", self.place / "limits.json"
        return Desk(keys.load(path[0]), limits.load(path[1]), Journal(self.journal))

    def start(self) -> None:
        """Starts the process and waits until it listens."""
        self.process = self.run("signer")
        for _ in range(400):
            if self._answers():
                return
            assert self.process.poll() is None, self.process.communicate()[0]
            time.sleep(0.01)
        raise TimeoutError("the signer did not come up")

    def run(self, *words: str, **others: Any) -> subprocess.Popen[bytes]:
        """A command of the command line on this machine."""
        argv = [sys.executable, "-m", "activkode.cli", *words]
        others = {"env": self.environment, "stdin": subprocess.PIPE} | others
        streams = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT}
        return subprocess.Popen(argv, cwd=self.place, **streams, **others)

    def kill(self, number: signal.Signals = signal.SIGKILL) -> None:
        """Ends the process."""
        if self.process:
            self.process.send_signal(number)
            self.process.communicate()
            self.process = None

    def _answers(self) -> bool:
        with socket.socket(socket.AF_UNIX) as knock:
            try:
                knock.connect(str(self.socket))
            except OSError:
                return False
        return True


ETH = Asset.ETH
