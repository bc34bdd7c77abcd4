"""What payouts need to be killed in: fake chains, a signer as a real process, clocks to be forked, and customers."""

import json
import os
import random
import subprocess
import sys
from decimal import Decimal
from pathlib import Path
from typing import IO
from urllib.parse import urlsplit

import httpx
from embit import script

import cast
from activkode.core import sql
from activkode.core.money import micros
from activkode.doors.demo import chain_settings, payout_wallets
from activkode.doors.demo.fake_bitcoin.chain import FakeBitcoin
from activkode.doors.demo.fake_evm.chain import NATIVE
from activkode.doors.demo.fake_evm.node import FakeEvm
from activkode.doors.demo.faucet import Faucet
from activkode.doors.up import ports
from activkode.funding.chains.tron import key_of
from activkode.funding.policy import Asset
from activkode.withdrawals import operations
from funding.scripted import price
from seen import soon
from withdrawals import made_addresses, scripted

_NURSERY = Path(__file__).parent / "payout_nursery.py"
_RATES = {"BTC": "50000", "ETH": "2000", "USDT-TRC20": "1", "TRX": "0.3"}
_SATOSHIS_A_KB = 5_000
# Past every pause between two tries; the database's clock is set forward by it before each clock is born.
_STEP_SECONDS = 700


class World:
    """Three fake chains with filled wallets, a signer, a nursery of clocks. `money` is what each withdrawal asks for."""

    def __init__(self, place: Path, database_url: str) -> None:
        self._place, self._chance = place, random.Random(7)
        self._seconds = 0
        self.bitcoin = FakeBitcoin()
        self.bitcoin.rate = _SATOSHIS_A_KB
        self.bitcoin.mine(8)
        self.ethereum = FakeEvm(chain_settings.ETHEREUM_ID).start()
        self.tron = FakeEvm(chain_settings.TRON_ID, is_tron=True).start()
        self._port = ports.free()
        self.last_exit = 0
        self.environment = self._environment(database_url)
        wallets = json.loads(self.environment["ACTIVKODE_PAYOUTS"])
        self.faucet = Faucet(wallets, self.bitcoin, self.ethereum, self.tron, chain_settings.USDT)
        self.faucet.fill()
        self.mine()
        self._allow_long_days()
        self._signer = self._start_signer()
        self._told, self._nursery = self._start_nursery()
        self.staff = scripted.staff("olga")

    @property
    def chains(self) -> dict[str, dict[str, object]]:
        """ACTIVKODE_CHAINS, for who asks for a withdrawal."""
        return dict(json.loads(self.environment["ACTIVKODE_CHAINS"]))

    def close(self) -> None:
        """Ends all of it."""
        assert self._nursery.stdin
        self._nursery.stdin.close()
        self._nursery.wait(30)
        self._told.close()
        self._signer.kill()
        self._signer.wait()
        for each in (self.bitcoin, self.ethereum, self.tron):
            each.stop()

    # --- what happens ---

    def mine(self) -> None:
        """Blocks until what is in the mempools is deep."""
        self.bitcoin.mine(7)
        self.ethereum.mine(20)
        self.tron.mine(25)

    def approved(self, asset: Asset, name: str) -> tuple[int, int, str]:
        """A customer's approved withdrawal to an address that nobody used before: customer, id, address."""
        user = cast.person(name)
        cast.fund(user, "50.00")
        address = self._address(asset)
        number = operations.request(user.id, asset, address, micros("25.00"), channel="dashboard")
        operations.confirm(user.id, number, None)
        operations.approve(user.id, number, actor_id=self.staff.id, actor=self.staff.email)
        return user.id, number, address

    def go(self, asset: Asset, *, rounds: int = 2, point: str = "", pid: int = 0) -> int:
        """A clock's life; its exit code."""
        self._seconds += _STEP_SECONDS
        self.set_clock()
        order = {
            "asset": asset,
            "rounds": rounds,
            "shift": f"{self._seconds} seconds",
            "point": point,
            "pid": pid,
        }
        assert self._nursery.stdin
        self._nursery.stdin.write(json.dumps(order).encode() + b"\n")
        self._nursery.stdin.flush()
        line = self._told.readline()
        assert line, "the nursery is gone"
        self.last_exit = int(line)
        return self.last_exit

    def set_clock(self) -> None:
        """The same time here as in the clocks, and rates that are young in it."""
        sql.execute("select set_config('activkode_test.shift', %s, false)", (f"{self._seconds} seconds",))
        for asset, rate in _RATES.items():
            price(asset, rate)  # type: ignore[arg-type]

    def received(self, asset: Asset, address: str) -> int:
        """What the chain has carried out to an address, in the smallest unit."""
        if asset is Asset.ETH:
            return self.ethereum.head.balances.get((NATIVE, address.lower()), 0)
        if asset is Asset.USDT_TRC20:
            return self.tron.head.balances.get((chain_settings.USDT, key_of(address)), 0)
        wanted = script.address_to_scriptpubkey(address).data
        paid = (each for block in self.bitcoin.blocks for sent in block.sent for each in sent.outputs)
        return sum(satoshis for satoshis, place in paid if place == wanted)

    @property
    def signer_pid(self) -> int:
        """Of the running signer."""
        return self._signer.pid

    def mend_signer(self) -> bool:
        """Starts it again where it was killed; whether it was."""
        if self._signer.poll() is None:
            return False
        self._signer = self._start_signer()
        return True

    # --- its parts ---

    def _address(self, asset: Asset) -> str:
        if asset is Asset.BTC:
            return made_addresses.bitcoin(self._chance, "regtest", "p2wpkh")
        return made_addresses.MADE[asset](self._chance)

    def _environment(self, database_url: str) -> dict[str, str]:
        served = [
            urlsplit(each).port or 0 for each in (self.bitcoin.serve(), self.ethereum.url, self.tron.url)
        ]
        found = chain_settings.environment(*served, 0, 0)
        chains = json.loads(found["ACTIVKODE_CHAINS"])
        chains["ethereum"]["genesis"], chains["tron"]["genesis"] = self.ethereum.genesis, self.tron.genesis
        return (
            dict(os.environ)
            | payout_wallets.environment(self._place, served[2])
            | payout_wallets.caller_environment(self._place, self._port)
            | {
                "ACTIVKODE_CHAINS": json.dumps(chains),
                "DATABASE_URL": database_url,
                "DATABASE_ROLE": "activkode_app",
                "ACTIVKODE_VAR": str(self._place),
                "PYTHONPATH": str(_NURSERY.parent.parent),
            }
        )

    def _allow_long_days(self) -> None:
        # The long form pays out in an hour what the demo's limits allow in a month.
        file = self._place / "signer" / "limits.json"
        limits = json.loads(file.read_text())
        for limit in limits.values():
            limit |= {
                "day": str(Decimal(limit["day"]) * 100),
                "fee_day": str(Decimal(limit["fee_day"]) * 100),
            }
        file.write_text(json.dumps(limits))

    def _start_signer(self) -> subprocess.Popen[bytes]:
        environment = {"PATH": os.environ["PATH"]} | payout_wallets.signer_environment(
            self._place, self._port
        )
        with (self._place / "signer.log").open("ab") as log:
            started = subprocess.Popen(
                [sys.executable, "-m", "activkode.cli", "signer"], env=environment, stdout=log, stderr=log
            )
        assert soon(lambda: self._answers() or started.poll() is not None)
        assert started.poll() is None, (self._place / "signer.log").read_text()
        return started

    def _answers(self) -> bool:
        try:
            httpx.get(f"http://127.0.0.1:{self._port}/", trust_env=False)
        except httpx.TransportError:
            return False
        return True

    def _start_nursery(self) -> tuple[IO[str], subprocess.Popen[bytes]]:
        reading, writing = os.pipe()
        with (self._place / "nursery.log").open("wb") as log:
            started = subprocess.Popen(
                [sys.executable, str(_NURSERY), str(writing)],
                env=self.environment,
                stdin=subprocess.PIPE,
                stdout=log,
                stderr=log,
                pass_fds=[writing],
            )
        os.close(writing)
        return os.fdopen(reading), started
