"""What the clock does where chains are configured, and what the demo may ask of a fake node."""

import httpx
import pytest
from pytest_django.fixtures import Settings

import cast
from activkode.core.money import micros
from activkode.doors.clock import chains
from activkode.doors.demo.fake_evm import FakeEvm
from activkode.funding.policy import Asset, Chain
from activkode.ledger import read as books
from funding.evm.stage import ALICE, TOKEN, USDT, deposits, give, options, price


def configured(**fakes: FakeEvm) -> dict[str, object]:
    return {name: options(fake) | {"url": fake.url} for name, fake in fakes.items()}


def test_each_chain_is_followed_looked_at_and_read_again(
    settings: Settings, ethereum: FakeEvm, tron: FakeEvm
) -> None:
    settings.CHAINS = configured(ethereum=ethereum, tron=tron)
    named = {loop.name: loop.every_seconds for loop in chains.loops() if loop.name != "rates"}
    assert named == {
        "chain ethereum": 0.5,
        "chain tron": 0.5,
        "balances ethereum": 15,
        "balances tron": 15,
        "rescan ethereum": 60,
        "rescan tron": 60,
    }


@pytest.mark.django_db
def test_the_clocks_loops_carry_a_payment_to_its_credit(settings: Settings, tron: FakeEvm) -> None:
    settings.CHAINS = configured(tron=tron)
    alice = cast.person("alice")
    give(alice, Chain.TRON, Asset.USDT_TRC20, ALICE)
    price(Asset.USDT_TRC20, "1")
    ours = [loop for loop in chains.loops() if loop.name != "rates"]
    for loop in ours:
        loop.work()
    tron.pay_token(TOKEN, ALICE, 3 * USDT)
    tron.mine(20)
    for loop in ours:
        loop.work()
    assert (deposits(), books.balance(alice.id).cash) == ([("credited", None, 3 * USDT)], micros("3"))


def test_a_second_source_is_asked_where_there_is_one(
    settings: Settings, ethereum: FakeEvm, tron: FakeEvm
) -> None:
    settings.CHAINS = configured(ethereum=ethereum, tron=tron)
    settings.CHAINS["tron"]["second_url"] = ethereum.url
    by_chain = {name: chains.rescan_of(name) for name in ("ethereum", "tron")}
    assert by_chain["ethereum"]._first is by_chain["ethereum"]._second
    assert by_chain["tron"]._first is not by_chain["tron"]._second


def test_the_demo_pays_mines_and_forks_by_calls(ethereum: FakeEvm) -> None:
    def ask(method: str, *params: object) -> object:
        body = {"jsonrpc": "2.0", "id": 1, "method": method, "params": params}
        return httpx.post(ethereum.url, json=body, trust_env=False).json()["result"]

    tx = ask("fake_pay", ALICE, "0x7")
    ask("fake_payToken", TOKEN, ALICE, 5)
    ask("fake_mine", 3)
    receipt = ask("eth_getTransactionReceipt", tx)
    assert isinstance(receipt, dict)
    assert (receipt["blockNumber"], ask("eth_getBalance", ALICE, "latest")) == ("0x1", "0x7")
    ask("fake_reorg", 3, False)
    assert (ask("eth_blockNumber"), ask("eth_getBalance", ALICE, "latest")) == ("0x4", "0x0")
