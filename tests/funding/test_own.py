"""Which keys are ours: none is ever missed. What looking for new ones costs, `make bench` holds."""

import pytest

from activkode.core import sql
from activkode.funding import own
from activkode.funding.own import OwnKeys
from activkode.funding.policy import Chain

pytestmark = pytest.mark.django_db


def give(keychain: str, chain: Chain, first: int, count: int) -> list[str]:
    """Addresses of a keychain, given out in turn; their keys."""
    keys = [f"{keychain}/{number}" for number in range(first, first + count)]
    for number, key in enumerate(keys, first):
        index = sql.value("select fn.address_index(%s, 'test', %s)", (keychain, number))
        sql.execute(
            "select fn.address_give(%s, %s, %s, %s, %s, 'BTC', %s)",
            (keychain, index, chain, key, key, number),
        )
    return keys


def test_every_key_of_the_chain_is_known_and_hardly_another(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(own, "_AT_ONCE", 7)
    ours = give("one", Chain.BITCOIN, 1, 30) + give("two", Chain.BITCOIN, 1, 5)
    theirs = give("three", Chain.TRON, 1, 200)
    keys = OwnKeys(Chain.BITCOIN)
    keys.learn()
    assert all(keys.has(key) for key in ours)
    assert keys.among([*theirs[:3], *ours])[-len(ours) :] == list(range(3, 3 + len(ours)))
    assert len(keys.among(theirs)) < 3


def test_what_is_given_out_later_is_learnt_later() -> None:
    keys = OwnKeys(Chain.BITCOIN)
    for first in range(1, 40, 10):
        ours = give("one", Chain.BITCOIN, first, 10)
        keys.learn()
        assert keys.among(ours) == list(range(10))
