"""What a strict reading of the kernel of top-ups found, each as the test that it lacked."""

import pytest

import books
import cast
from activkode.activations import operations as activations
from activkode.core import sql
from activkode.core.errors import Code, Refusal
from activkode.core.money import micros
from activkode.funding import operations
from activkode.funding.chains.base import PLAIN_VALUE, Found
from activkode.funding.chains.evm_rpc import Rpc
from activkode.funding.policy import Asset, Chain, Event, Reason
from activkode.funding.watch import Watcher
from activkode.identity.models import User
from activkode.ledger import read as ledger
from funding.lives import Life, _reversed, _shortfall
from funding.scripted import BTC, FakeChain, address, payment, price, state

USDT = 1_000_000


@pytest.fixture
def alice(db: None) -> User:
    return cast.person("alice")


def _states(tx: str) -> list[tuple[object, ...]]:
    return sql.rows("select customer_id, state from funding_deposit where tx = %s order by id", (tx,))


def _tron() -> tuple[FakeChain, Watcher]:
    chain = FakeChain(Chain.TRON, final_lag=3)
    watcher = Watcher(chain)
    watcher.round()
    return chain, watcher


def test_who_was_paid_at_a_place_on_the_new_branch_is_who_is_credited(alice: User) -> None:
    """One transaction paid three; on the other branch its first transfer failed, and the logs moved up by one place."""
    carol, bob = cast.person("carol"), cast.person("bob")
    keys = [address(one, "usdt", Chain.TRON, Asset.USDT_TRC20) for one in (carol, alice, bob)]
    price(Asset.USDT_TRC20, "1")
    chain, watcher = _tron()
    first = [Found("t", place, key, 10 * USDT, Asset.USDT_TRC20) for place, key in enumerate(keys)]
    chain.mine(*first)
    watcher.round()
    chain.fork(1)
    chain.mine(
        *(Found("t", place, key, 10 * USDT, Asset.USDT_TRC20) for place, key in enumerate(keys[1:])), count=6
    )
    watcher.round()

    assert [ledger.balance(one.id).cash for one in (carol, alice, bob)] == [0, micros("10"), micros("10")]


def test_a_clock_does_not_settle_in_the_middle_of_anothers_way_back(
    alice: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    cast.shelf()
    address(alice, "btc_p2wpkh", Chain.BITCOIN, Asset.BTC)
    price(Asset.BTC, "50000")
    chain = FakeChain()
    one, other = Watcher(chain), Watcher(chain)
    one.round()
    chain.mine(payment("a", BTC // 1000), count=3)
    one.round()
    activations.open(alice.id, activations.Rent("shop", "GB"))
    say = other._say

    def meanwhile(trouble: str, head: object = None) -> None:
        say(trouble, head)  # type: ignore[arg-type]
        chain.fork(3)
        chain.mine(payment("a", BTC // 1000), count=4)
        one._go_back(one._cursor() or (0, ""), chain.head())

    monkeypatch.setattr(other, "_say", meanwhile)
    other.round()
    one.round()

    assert (state("a"), ledger.balance(alice.id).cash) == ("credited", micros("48"))


def test_a_shortfall_is_not_forgotten_when_the_returning_payment_is_lost_again(alice: User) -> None:
    life = Life(alice)
    _shortfall(life)
    life.mine(blocks=1)
    operations.decide(life.topup().id, Event.DECIDE_CREDIT, actor="olga", actor_id=0, why="back")
    life.lose(1)

    assert (life.topup().state, life.topup().reason) == ("under_case", "shortfall")
    assert books.findings() == []


def test_what_returns_and_is_lost_before_it_counts_stays_reversed(alice: User) -> None:
    life = Life(alice)
    _reversed(life)
    life.mine(blocks=1)
    life.lose(1)

    assert life.topup().state == "reversed"
    assert books.findings() == []


def test_a_second_write_off_of_one_payment_is_refused_in_words(alice: User) -> None:
    life = Life(alice)
    _shortfall(life)
    deposit = life.topup().id
    operations.decide(deposit, Event.WRITE_OFF, actor="olga", actor_id=0, why="spent")
    life.mine()
    life.lose()

    with pytest.raises(Refusal) as refused:
        operations.decide(deposit, Event.WRITE_OFF, actor="olga", actor_id=0, why="spent again")

    assert refused.value.code is Code.WRONG_STATE


def test_a_fork_that_is_too_deep_changes_nothing_however_often_it_is_looked_at(alice: User) -> None:
    address(alice, "btc_p2wpkh", Chain.BITCOIN, Asset.BTC)
    price(Asset.BTC, "50000")
    chain = FakeChain()
    watcher = Watcher(chain)
    chain.mine(count=5)
    watcher.round()
    chain.mine(payment("a", BTC // 100), count=151)
    while watcher.round():
        pass
    chain.fork(150)
    chain.mine(count=151)
    for _ in range(4):
        watcher.round()
        trouble = sql.value("select trouble from funding_chain")
        assert "a person has to look" in trouble
    assert (state("a"), ledger.balance(alice.id).cash) == ("credited", micros("500"))


def test_many_pieces_of_one_transaction_are_as_deep_as_one_payment(alice: User) -> None:
    address(alice, "btc_p2wpkh", Chain.BITCOIN, Asset.BTC)
    price(Asset.BTC, "50000")
    chain = FakeChain()
    watcher = Watcher(chain)
    watcher.round()
    pieces = [Found("t", n, "btc_p2wpkh/1", 199 * BTC // 10_000, Asset.BTC) for n in range(20)]
    chain.mine(*pieces, count=2)
    watcher.round()
    assert {one for _, one in _states("t")} == {"confirming"}
    chain.mine(count=4)
    watcher.round()
    assert {one for _, one in _states("t")} == {"credited"}


def test_a_chain_without_a_word_of_finality_is_a_trouble(alice: User) -> None:
    chain = FakeChain(Chain.TRON, final_lag=10**9)
    watcher = Watcher(chain)
    watcher.round()
    chain.mine(count=250)
    while watcher.round():
        pass

    assert "nothing is final" in sql.value("select trouble from funding_chain")


@pytest.mark.parametrize(
    ("before", "after", "ends"),
    [
        (Found("t", 0, "usdt/1", 0, Asset.USDT_TRC20, reason=Reason.ZERO_AMOUNT),
         Found("t", 0, "usdt/1", 50 * USDT, Asset.USDT_TRC20), "credited"),
        (Found("t", PLAIN_VALUE, "usdt/1", 500, None, "TRX", Reason.FAILED),
         Found("t", PLAIN_VALUE, "usdt/1", 500, None, "TRX", Reason.WRONG_ASSET), "under_case"),
    ],
)  # fmt: skip
def test_what_was_nothing_on_a_lost_branch_is_what_it_is_on_the_new_one(
    alice: User, before: Found, after: Found, ends: str
) -> None:
    address(alice, "usdt", Chain.TRON, Asset.USDT_TRC20)
    price(Asset.USDT_TRC20, "1")
    chain, watcher = _tron()
    chain.mine(before)
    watcher.round()
    chain.fork(1)
    chain.mine(after, count=6)
    watcher.round()

    assert state("t") == ends


def test_a_batch_is_never_larger_than_a_node_takes(monkeypatch: pytest.MonkeyPatch) -> None:
    """A block with a thousand payments to one address asked for a thousand receipts at once, and could never be read."""
    rpc, sizes = Rpc("http://127.0.0.1:1", batches=True), []

    def answer(bodies: list[dict[str, object]]) -> list[dict[str, object]]:
        sizes.append(len(bodies))
        return [{"jsonrpc": "2.0", "id": body["id"], "result": None} for body in bodies]

    monkeypatch.setattr(rpc, "_send", answer)

    assert len(rpc.ask_all([("eth_getTransactionReceipt", ["0x"])] * 1050)) == 1050
    assert max(sizes) <= 100
