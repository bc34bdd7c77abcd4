"""What lies on our addresses and is in no record: found by the difference, put before a person, never credited by itself."""

import pytest

import cast
from activkode.core import sql
from activkode.core.money import micros
from activkode.doors.demo.fake_evm import FakeEvm, Fault
from activkode.doors.demo.fake_evm.chain import Move
from activkode.funding import holdings, operations
from activkode.funding.policy import Asset, Chain, Event
from activkode.funding.watch import Watcher
from activkode.identity.models import User
from activkode.ledger import read as books
from funding.evm.stage import ALICE, ETH, STRANGER, TOKEN, USDT, deposits, give, made_up, node_of, price

pytestmark = pytest.mark.django_db
CENT = ETH // 100


@pytest.fixture
def alice() -> User:
    user = cast.person("alice")
    give(user, Chain.ETHEREUM, Asset.ETH, ALICE)
    give(user, Chain.TRON, Asset.USDT_TRC20, ALICE)
    price(Asset.ETH, "2000")
    price(Asset.USDT_TRC20, "1")
    return user


def watch(fake: FakeEvm) -> Watcher:
    watcher = Watcher(node_of(fake))
    watcher.round()
    return watcher


def look(fake: FakeEvm, watcher: Watcher) -> None:
    """Reads on, then looks twice: what is found must be found once."""
    while watcher.round():
        pass
    for _ in range(2):
        holdings.look(node_of(fake), 10)


def cash(user: User) -> int:
    return books.balance(user.id).cash


def test_value_from_inside_a_contract_is_a_case_and_raised_once(alice: User, ethereum: FakeEvm) -> None:
    watcher = watch(ethereum)
    ethereum.pay_inside(ALICE, CENT)
    ethereum.mine(12)
    look(ethereum, watcher)
    ethereum.mine(5)
    look(ethereum, watcher)
    assert (deposits(), cash(alice)) == ([("under_case", "internal_transfer", CENT)], 0)


def test_a_person_accepts_it_and_it_is_credited(alice: User, ethereum: FakeEvm) -> None:
    watcher = watch(ethereum)
    ethereum.pay_inside(ALICE, CENT)
    ethereum.mine(12)
    look(ethereum, watcher)
    deposit = sql.value("select id from funding_deposit")
    olga = cast.person("olga")
    operations.decide(deposit, Event.DECIDE_CREDIT, actor="olga", actor_id=olga.id, why="seen in the trace")
    ethereum.mine(12)
    look(ethereum, watcher)
    assert (deposits(), cash(alice)) == ([("credited", None, CENT)], micros("20"))


def test_a_fork_that_removes_it_lets_nobody_credit_it(alice: User, ethereum: FakeEvm) -> None:
    watcher = watch(ethereum)
    ethereum.pay_inside(ALICE, CENT)
    ethereum.mine(12)
    look(ethereum, watcher)
    ethereum.reorg(12, keep=False)
    look(ethereum, watcher)
    deposit = sql.value("select id from funding_deposit")
    assert sql.value("select fn.deposit_decide(%s, 'decide_credit', 'olga', 'why')", (deposit,)) is None
    assert deposits() == [("under_case", "internal_transfer", CENT)]


def test_ordinary_payments_leave_no_difference(alice: User, ethereum: FakeEvm) -> None:
    watcher = watch(ethereum)
    ethereum.pay(ALICE, CENT)
    ethereum.pay(ALICE, CENT, fails=True)
    ethereum.pay(ALICE, 0)
    ethereum.mine(12)
    look(ethereum, watcher)
    assert sorted(state for state, _, _ in deposits()) == ["credited", "ignored", "ignored"]
    assert sql.rows("select balance, outgoing, height from funding_holding") == [(CENT, 0, 1)]


def test_what_was_swept_is_no_difference_and_hides_none(alice: User, ethereum: FakeEvm) -> None:
    watcher = watch(ethereum)
    ethereum.pay(ALICE, 3 * CENT)
    ethereum.mine()
    ethereum.pay(STRANGER, CENT, sender=ALICE)
    ethereum.pay_inside(ALICE, 7)
    ethereum.mine(12)
    look(ethereum, watcher)
    assert deposits() == [("credited", None, 3 * CENT), ("under_case", "internal_transfer", 7)]


def test_outgoing_on_a_branch_that_is_gone_does_not_count(alice: User, ethereum: FakeEvm) -> None:
    watcher = watch(ethereum)
    ethereum.pay(ALICE, 3 * CENT)
    ethereum.mine()
    ethereum.pay(STRANGER, CENT, sender=ALICE)
    ethereum.mine()
    while watcher.round():
        pass
    assert sql.value("select count(*) from funding_outgoing") == 1
    ethereum.reorg(1, keep=False)
    ethereum.mine(20)
    look(ethereum, watcher)
    assert [state for state, _, _ in deposits()] == ["credited"]


def test_a_token_log_that_tron_never_told_of_is_found(alice: User, tron: FakeEvm) -> None:
    watcher = watch(tron)
    tron.log(moves=(_moved(5 * USDT),))
    tron.mine(20)
    look(tron, watcher)
    assert (deposits(), cash(alice)) == ([("under_case", "internal_transfer", 5 * USDT)], 0)


def test_a_token_that_arrived_short_on_tron_is_said_aloud_once(
    alice: User, tron: FakeEvm, capsys: pytest.CaptureFixture[str]
) -> None:
    watcher = watch(tron)
    tron.pay_token(TOKEN, ALICE, 100, fee=1)
    tron.mine(20)
    look(tron, watcher)
    tron.mine()
    look(tron, watcher)
    assert capsys.readouterr().out.count("holdings.differ") == 1


def test_while_the_chain_moves_on_nothing_is_compared(alice: User, tron: FakeEvm) -> None:
    watcher = watch(tron)
    tron.log(moves=(_moved(5),))
    tron.mine(20)
    while watcher.round():
        pass
    tron.mine()
    holdings.look(node_of(tron), 10)
    assert deposits() == []


def test_a_node_that_is_away_ends_the_round(alice: User, either: FakeEvm) -> None:
    watcher = watch(either)
    either.mine(20)
    while watcher.round():
        pass
    either.faults.add(Fault.AWAY)
    assert holdings.look(node_of(either), 10) is False


def test_the_round_comes_to_every_address(ethereum: FakeEvm) -> None:
    watch(ethereum)
    keys = set()
    for number in range(7):
        key = made_up(f"customer {number}")
        keys.add(give(cast.person(f"customer-{number}"), Chain.ETHEREUM, Asset.ETH, key))
    looked = [
        {key for (key,) in sql.rows("select fn.holdings_due(%s, 2)", (Chain.ETHEREUM,))} for _ in range(4)
    ]
    assert set().union(*looked) == keys
    assert all(len(some) <= 4 for some in looked)


def _moved(amount: int) -> Move:
    return Move(TOKEN, STRANGER, ALICE, amount)
