"""The demo's wallets that pay out: made once, known to the signer alone, filled by the faucet, and good for a real payout."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from activkode.doors.demo import chain_settings, payout_wallets
from activkode.doors.demo.fake_bitcoin import FakeBitcoin
from activkode.doors.demo.fake_evm import FakeEvm
from activkode.doors.demo.faucet import Faucet
from activkode.doors.signer import keys, limits
from activkode.doors.signer.coins.base import Key
from activkode.doors.up import programs
from activkode.doors.up.addresses import Addresses
from activkode.funding.policy import BY_ASSET, Asset
from activkode.withdrawals import payers
from activkode.withdrawals.chains.base import Payer, Standing, Version, Wish
from activkode.withdrawals.chains.bitcoin import BitcoinPayer
from activkode.withdrawals.policy import Kind

TO = {
    Asset.BTC: "bcrt1qvzuenxx2qly7kw2q0ynvjkdrldll4kurfnnqs3",
    Asset.ETH: "0x34177191A09bcC34b3628c16364a67C2a9982619",
    Asset.USDT_TRC20: "TCyKsrUdu7Wj4XcawiCnjvTf6rGYC5y4HD",
}
AMOUNT = {Asset.BTC: 10**6, Asset.ETH: 10**16, Asset.USDT_TRC20: 15 * 10**6}
CAP = {Asset.BTC: 10**5, Asset.ETH: 10**16, Asset.USDT_TRC20: 60 * 10**6}


class Chains:
    """The demo's three fakes, and what pays on them."""

    def __init__(self, var: Path) -> None:
        self.opened: list[Any] = []
        self.bitcoin = FakeBitcoin(seed="payouts")
        self.bitcoin.serve()
        self.ethereum = FakeEvm(chain_settings.ETHEREUM_ID).start()
        self.tron = FakeEvm(chain_settings.TRON_ID, is_tron=True).start()
        ports = [
            self.bitcoin.port,
            *(int(node.url.rpartition(":")[2]) for node in (self.ethereum, self.tron)),
        ]
        self.nodes = json.loads(chain_settings.environment(*ports, 1, 1)["ACTIVKODE_CHAINS"])
        self.wallets = json.loads(payout_wallets.environment(var, ports[2])["ACTIVKODE_PAYOUTS"])

    def payer(self, asset: Asset) -> Payer:
        chain = BY_ASSET[asset].chain
        made = payers.make(chain, self.nodes[chain], self.wallets[chain])
        self.opened.append(made)
        return made

    def fill(self) -> None:
        Faucet(self.wallets, self.bitcoin, self.ethereum, self.tron, chain_settings.USDT).fill()
        self.mine(30)

    def mine(self, count: int) -> None:
        for node in (self.bitcoin, self.ethereum, self.tron):
            node.mine(count)

    def stop(self) -> None:
        for payer in self.opened:
            if isinstance(payer, BitcoinPayer):
                payer.close()
        for node in (self.bitcoin, self.ethereum, self.tron):
            node.stop()


@pytest.fixture
def chains(tmp_path: Path) -> Iterator[Chains]:
    made = Chains(tmp_path)
    yield made
    made.stop()


def held(var: Path) -> dict[Asset, Key]:
    return keys.load(var / "signer/keys.json")


def test_they_are_made_once(tmp_path: Path) -> None:
    assert payout_wallets.environment(tmp_path, 1) == payout_wallets.environment(tmp_path, 1)


def test_their_files_are_their_owners_alone_and_the_settings_hold_no_key(tmp_path: Path) -> None:
    said = json.dumps(
        payout_wallets.environment(tmp_path, 1) | payout_wallets.caller_environment(tmp_path, 1)
    )
    entries = json.loads((tmp_path / "signer/keys.json").read_text())
    secrets = [entry.get("private_key") or entry["account"] for entry in entries.values()]

    assert all(path.stat().st_mode & 0o077 == 0 for path in (tmp_path / "signer").iterdir())
    assert (tmp_path / "signer").stat().st_mode & 0o077 == 0
    assert not any(secret in said for secret in secrets)


def test_the_signer_signs_for_the_wallets_that_pay(chains: Chains, tmp_path: Path) -> None:
    signers = held(tmp_path)

    assert set(limits.load(tmp_path / "signer/limits.json")) == set(signers) == set(Asset)
    for asset, key in signers.items():
        assert chains.payer(asset).wallet() == key.wallet


@pytest.mark.parametrize("asset", Asset)
def test_from_the_faucet_to_a_confirmed_payout(chains: Chains, tmp_path: Path, asset: Asset) -> None:
    chains.fill()
    payer, key = chains.payer(asset), held(tmp_path)[asset]
    wish = Wish("pay_1", asset, TO[asset], AMOUNT[asset], CAP[asset])

    unsigned = payer.build(wish, payer.next_nonce(), frozenset())
    version = Version(Kind.PAY, payer.check(unsigned, key.sign(unsigned.body)), unsigned)
    payer.broadcast(version.signed)

    assert any(chains.mine(1) or payer.look((version,)).standing is Standing.CONFIRMED for _ in range(100))
    meant = key.describe(unsigned.body)
    assert (meant.destination, meant.amount, meant.spends) == (TO[asset], AMOUNT[asset], unsigned.spends)


def test_only_the_clock_is_told_of_the_signer_and_the_signer_of_nothing_else(tmp_path: Path) -> None:
    at = Addresses(*range(1000, 1010))
    base = {
        "PATH": "/bin",
        "DATABASE_URL": "postgresql://x",
        "SECRET_KEY": "x",
        "DATABASE_OWNER_URL": "postgresql://y",
    }
    rows = {
        row.name: row
        for row in programs.doors(programs.settings(base, tmp_path, at, demo=True), at, demo=True)
    }

    told = {name for name, row in rows.items() if "ACTIVKODE_SIGNER_SECRET_FILE" in row.environment}
    assert told == {"clock", "signer"}
    assert {name for name, row in rows.items() if "ACTIVKODE_SIGNER_KEYS" in row.environment} == {"signer"}
    assert not {"DATABASE_URL", "SECRET_KEY", "DATABASE_OWNER_URL"} & set(rows["signer"].environment)
