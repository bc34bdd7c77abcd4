"""The second reading: finds what the first node left out or made up, in pieces, and adds nothing twice."""

from dataclasses import replace

import pytest

import cast
from activkode.core import sql
from activkode.core.money import micros
from activkode.doors.demo.fake_evm import FakeEvm, Fault
from activkode.doors.demo.fake_evm.chain import Move, transfer_log
from activkode.funding import holdings, rescan
from activkode.funding.policy import Asset, Chain
from activkode.funding.rescan import Rescan
from activkode.funding.watch import Watcher
from activkode.identity.models import User
from activkode.ledger import read as books
from funding.evm.stage import ALICE, STRANGER, TOKEN, USDT, deposits, give, node_of, price

pytestmark = pytest.mark.django_db
DAY = 10


@pytest.fixture
def alice() -> User:
    user = cast.person("alice")
    give(user, Chain.TRON, Asset.USDT_TRC20, ALICE)
    price(Asset.USDT_TRC20, "1")
    return user


def unseen(tron: FakeEvm) -> Watcher:
    """A watcher that has passed by a payment whose log its node left out, and whose call does not name us."""
    watcher = Watcher(node_of(tron))
    watcher.round()
    tron.log(transfer_log(TOKEN, STRANGER, ALICE, 5 * USDT), moves=(Move(TOKEN, STRANGER, ALICE, 5 * USDT),))
    tron.faults.add(Fault.MISSING_LOGS)
    tron.mine(40)
    while watcher.round():
        pass
    tron.faults.clear()
    assert deposits() == []
    return watcher


def rescan_all(second: FakeEvm, first: FakeEvm | None = None) -> Rescan:
    node = node_of(second)
    again = Rescan(node, node_of(first) if first else node, DAY)
    while again.round():
        pass
    return again


def recorded() -> list[str]:
    return [
        row[0] for row in sql.rows("select action from core_audit_log where actor = 'rescan' order by id")
    ]


def test_what_was_missing_is_added_and_credited_once(alice: User, tron: FakeEvm) -> None:
    watcher = unseen(tron)
    rescan_all(tron)
    watcher.round()
    tron.mine(DAY + 5)
    while watcher.round():
        pass
    rescan_all(tron)
    watcher.round()
    assert deposits() == [("credited", None, 5 * USDT)]
    assert books.balance(alice.id).cash == micros("5")
    assert recorded() == ["deposits were missing"]


def test_a_reading_that_finds_nothing_says_nothing(alice: User, tron: FakeEvm) -> None:
    watcher = Watcher(node_of(tron))
    watcher.round()
    tron.pay_token(TOKEN, ALICE, USDT)
    tron.mine(40)
    while watcher.round():
        pass
    rescan_all(tron)
    assert (recorded(), deposits()) == ([], [("credited", None, USDT)])
    assert sql.one("select rescanned_height, rescan_until from funding_chain") == (21, 21)


def test_a_source_that_tells_of_another_block_is_recorded(alice: User, tron: FakeEvm) -> None:
    watcher = Watcher(node_of(tron))
    watcher.round()
    tron.mine(40)
    while watcher.round():
        pass
    tron.reorg(30, length=30)
    rescan_all(tron)
    assert set(recorded()) == {"the block differs"}
    assert len(recorded()) == 11  # blocks 11 to 21


def test_one_source_alone_makes_no_money(alice: User, tron: FakeEvm) -> None:
    unseen(tron)
    first = node_of(tron)
    second = node_of(tron)
    again = Rescan(second, first, DAY)
    read_first = first.read
    first.read = lambda fetched, own: replace(read_first(fetched, own), found=())  # type: ignore[method-assign]
    while again.round():
        pass
    assert deposits() == []
    assert recorded() == ["the second source alone has deposits"]


def test_what_was_found_as_a_difference_is_not_credited_again(alice: User, tron: FakeEvm) -> None:
    watcher = unseen(tron)
    holdings.look(node_of(tron), 10)
    assert deposits() == [("under_case", "internal_transfer", 5 * USDT)]
    rescan_all(tron)
    watcher.round()
    assert deposits() == [("under_case", "internal_transfer", 5 * USDT)] * 2
    assert books.balance(alice.id).cash == 0


def test_it_goes_on_where_it_was_cut_off(alice: User, tron: FakeEvm, monkeypatch: pytest.MonkeyPatch) -> None:
    unseen(tron)
    monkeypatch.setattr(rescan, "BLOCKS_A_ROUND", 4)
    node = node_of(tron)
    assert Rescan(node, node, DAY).round()
    assert sql.value("select rescanned_height from funding_chain") == 4
    tron.faults.add(Fault.AWAY)
    assert not Rescan(node, node, DAY).round()
    tron.faults.clear()
    rescan_all(tron)
    assert sql.value("select rescanned_height from funding_chain") == 21
    assert [amount for _, _, amount in deposits()] == [5 * USDT]


def test_another_network_is_not_read(alice: User, tron: FakeEvm) -> None:
    unseen(tron)
    with FakeEvm(31339, is_tron=True) as other:
        other.mine(40)
        rescan_all(other, tron)
    assert (recorded(), sql.value("select rescanned_height from funding_chain")) == ([], 0)
