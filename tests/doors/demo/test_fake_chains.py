"""The demo's fake chains: known by their settings, paid by the fake wallet, and going on after a restart."""

import json
from collections.abc import Iterator

import httpx
import pytest

from activkode.doors.demo import chain_settings
from activkode.doors.demo.fake_bitcoin.chain import FakeBitcoin
from activkode.doors.demo.fake_evm.node import FakeEvm
from activkode.doors.demo.fake_wallet import FakeWallet
from activkode.doors.up import ports
from activkode.funding import derive

KEYCHAINS = json.loads(chain_settings.environment(1, 2, 3, 4, 5)["ACTIVKODE_KEYCHAINS"])
CHAINS = json.loads(chain_settings.environment(1, 2, 3, 4, 5)["ACTIVKODE_CHAINS"])
OF = {"btc_p2wpkh": "bitcoin", "btc_p2tr": "bitcoin", "eth": "ethereum", "tron": "tron"}
ETH_ADDRESS = "0x" + "12" * 20


@pytest.fixture
def ethereum() -> Iterator[FakeEvm]:
    with FakeEvm(chain_settings.ETHEREUM_ID) as node:
        yield node


@pytest.fixture
def tron() -> Iterator[FakeEvm]:
    with FakeEvm(chain_settings.TRON_ID, is_tron=True) as node:
        yield node


@pytest.fixture
def url(ethereum: FakeEvm, tron: FakeEvm) -> Iterator[str]:
    port = ports.free()
    wallet = FakeWallet(FakeBitcoin(), ethereum, tron, chain_settings.USDT)
    wallet.start(port)
    yield f"http://127.0.0.1:{port}/pay"
    wallet.stop()


def test_the_settings_name_the_first_blocks_of_the_fakes(ethereum: FakeEvm, tron: FakeEvm) -> None:
    assert {"ethereum": ethereum.genesis, "tron": tron.genesis} == chain_settings.GENESIS


@pytest.mark.parametrize("name", KEYCHAINS)
def test_the_demos_keys_derive_their_first_addresses(name: str) -> None:
    chain, known = CHAINS[OF[name]], KEYCHAINS[name]

    made = derive.prove(name, known["xpub"], known["first_address"], chain["network"], chain.get("chain_id"))

    assert made.derive(0).address == known["first_address"]


def test_an_ethereum_chain_goes_on_after_a_restart_without_repeating_a_transaction(ethereum: FakeEvm) -> None:
    ethereum.mine()
    before = ethereum.pay(ETH_ADDRESS, 5)
    ethereum.mine(3)
    known = [(block.height, block.hash, block.parent, block.at) for block in ethereum.ledger.blocks[-2:]]
    with FakeEvm(chain_settings.ETHEREUM_ID) as again:
        again.resume(known, {("native", ETH_ADDRESS): 5})
        after = again.pay(ETH_ADDRESS, 5)
        again.mine()

        assert (again.head.height, again.head.parent) == (5, ethereum.head.hash)
        assert after != before and again.head.balances["native", ETH_ADDRESS] == 10
        assert again.genesis == ethereum.genesis


def test_a_bitcoin_chain_goes_on_after_a_restart_without_repeating_a_transaction() -> None:
    address = KEYCHAINS["btc_p2wpkh"]["first_address"]
    first = FakeBitcoin(seed="same")
    before = first.pay(address, 1000)
    first.mine(3)
    known = [(block.height, block.hash, block.parent, block.time) for block in first.blocks[-2:]]
    again = FakeBitcoin(seed="same")
    again.resume(known)
    after = again.pay(address, 1000)
    again.mine()

    assert after != before
    assert [block.height for block in again.blocks[-2:]] == [5, 6]
    assert again.blocks[5].parent == first.blocks[-1].hash


@pytest.mark.parametrize(
    "asked",
    [
        {"asset": "ETH", "address": ETH_ADDRESS, "amount": "-1"},
        {"asset": "ETH", "address": ETH_ADDRESS, "amount": "NaN"},
        {"asset": "ETH", "address": ETH_ADDRESS, "amount": "0.0000000000000000001"},
        {"asset": "DOGE", "address": ETH_ADDRESS, "amount": "1"},
        {"address": ETH_ADDRESS},
        [],
        "no",
    ],
)
def test_the_fake_wallet_refuses_what_is_no_payment(url: str, asked: object) -> None:
    assert httpx.post(url, json=asked, trust_env=False).status_code == 422


def test_the_fake_wallet_pays(url: str, ethereum: FakeEvm) -> None:
    answer = httpx.post(url, json={"asset": "ETH", "address": ETH_ADDRESS, "amount": "1.5"}, trust_env=False)
    ethereum.mine()

    assert answer.json()["tx"] == ethereum.head.transactions[0].hash
    assert ethereum.head.balances["native", ETH_ADDRESS] == 15 * 10**17
