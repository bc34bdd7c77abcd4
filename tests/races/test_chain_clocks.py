"""Several clocks follow one chain, compare its balances and read it again, while it grows and forks."""

import random

import pytest

import cast
from activkode.core import sql
from activkode.doors.demo.fake_evm import FakeEvm
from activkode.funding import holdings
from activkode.funding.policy import Asset, Chain
from activkode.funding.rescan import Rescan
from activkode.funding.watch import Watcher
from activkode.identity.models import User
from activkode.ledger import read
from funding.evm.stage import ETH, give, made_up, node_of, price
from races.together import Crew

pytestmark = [pytest.mark.races, pytest.mark.django_db(transaction=True)]
CENT = ETH // 100


@pytest.mark.parametrize("seed", range(2))
def test_every_payment_is_credited_once_whoever_comes_first(seed: int) -> None:
    chance = random.Random(seed)
    owners = {made_up(name): cast.person(name) for name in ("alice", "bob", "carl")}
    for key, user in owners.items():
        give(user, Chain.ETHEREUM, Asset.ETH, key)
    with FakeEvm(31337) as fake:
        fake.answers.final_lag = 8
        watchers = [Watcher(node_of(fake)) for _ in range(3)]
        again = Rescan(node_of(fake), node_of(fake), day_blocks=4)
        calls = [
            *(one.round for one in watchers),
            again.round,
            *([lambda: holdings.look(node_of(fake), 10)] * 2),
        ]
        watchers[0].round()
        crew = Crew(len(calls))
        for _ in range(40):
            price(Asset.ETH, "2000")
            fake.pay(chance.choice(list(owners)), CENT)
            fake.mine(chance.randrange(1, 3))
            if chance.random() < 0.3:
                fake.reorg(chance.randrange(1, 8), keep=chance.random() < 0.8)
            crew.go(calls)
        fake.mine(12)
        for _ in range(6):
            crew.go(calls)
        crew.close()
        _must_agree(fake, owners)


def _must_agree(fake: FakeEvm, owners: dict[str, User]) -> None:
    """Credits are what stands on the canonical chain; no difference of balances was made up."""
    paid = [tx.to for block in fake.ledger.blocks for tx in block.transactions]
    for key, user in owners.items():
        assert read.balance(user.id).cash == paid.count(key) * 20_000_000
    assert sql.value("select count(*) from funding_deposit where reason = 'internal_transfer'") == 0
    canonical = sql.rows("select height, hash from funding_block where canonical order by height")
    assert sql.value("select rescan_until from funding_chain") > 0
    assert sql.value("select count(*) from funding_holding") == len(owners)
    assert canonical == [(block.height, block.hash) for block in fake.ledger.blocks]
    assert sql.value("select count(*) from core_audit_log where actor = 'rescan'") == 0
