"""Many ask for their first address at once: one customer gets one, many get different ones, and no index is lost."""

from typing import Any

import pytest

from activkode.core import sql
from activkode.funding import addresses
from activkode.funding.addresses import DepositAddress
from activkode.funding.policy import Asset, Chain
from activkode.funding.watch import Watcher
from funding import published as known
from funding.scripted import FakeChain
from races.together import together

pytestmark = [pytest.mark.races, pytest.mark.django_db(transaction=True)]


@pytest.fixture(autouse=True)
def watched(db: None, settings: Any) -> None:
    settings.CHAINS, settings.KEYCHAINS = dict(known.CHAINS), dict(known.KEYCHAINS)
    Watcher(FakeChain(Chain.BITCOIN)).round()


def test_a_first_address_asked_for_fifty_times_at_once_is_one_address() -> None:
    given = together([lambda: addresses.give(1, Asset.BTC)] * 50)
    assert {one.address for one in given if isinstance(one, DepositAddress)} == {known.BIP84[1][1]}
    assert len(given) == 50
    assert sql.value("select next_index from funding_keychain") == 2


def test_a_double_click_gives_one_address() -> None:
    """FAILURES T14."""
    for number in range(10):
        first, second = together([lambda number=number: addresses.give(number + 1, Asset.BTC)] * 2)
        assert first == second
    assert sql.value("select next_index from funding_keychain") == 11


def test_fifty_customers_at_once_get_fifty_addresses_without_a_gap() -> None:
    people = range(1, 51)
    given = together([lambda person=person: addresses.give(person, Asset.BTC) for person in people])
    assert len({one.address for one in given if isinstance(one, DepositAddress)}) == 50
    found = sql.rows("select index, customer_id from funding_address order by index")
    assert [row[0] for row in found] == list(range(1, 51))
    assert {row[1] for row in found} == set(people)
