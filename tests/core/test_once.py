"""A named request is carried out once: its first outcome is kept with what it did, or neither is."""

import hashlib
import threading
from typing import Any

import pytest
from django.db import connection

import cast
from activkode.core import sql
from activkode.core.errors import Code, Refusal
from activkode.core.idempotency import Key, once
from activkode.core.sealing import Unreadable, seal, unseal
from activkode.identity.models import User

pytestmark = pytest.mark.django_db


def named(text: str, body: str = "") -> Key:
    return Key(text, hashlib.sha256(body.encode()).digest())


@pytest.fixture
def alice() -> User:
    return cast.person("alice")


def write(user: User, name: str) -> dict[str, Any]:
    """Does something that can be counted."""
    sql.execute(
        "insert into identity_apikey (customer_id, name, prefix, digest, created_at) values (%s, %s, '', %s, fn.now())",
        (user.id, name, name.encode()),
    )
    return {"name": name}


def written(user: User) -> int:
    return int(sql.value("select count(*) from identity_apikey where customer_id = %s", (user.id,)))


def test_a_repeat_is_given_the_first_outcome_and_does_nothing(alice: User) -> None:
    first = once(alice.id, named("k"), lambda: write(alice, "one"))
    second = once(alice.id, named("k"), lambda: write(alice, "two"))

    assert (first, second) == (({"name": "one"}, False), ({"name": "one"}, True))
    assert written(alice) == 1


def test_without_a_name_everything_is_carried_out(alice: User) -> None:
    for name in ("one", "two"):
        assert once(alice.id, None, lambda name=name: write(alice, name)) == ({"name": name}, False)  # type: ignore[misc]

    assert written(alice) == 2


def test_a_refusal_is_kept_and_what_was_done_before_it_is_not(alice: User) -> None:
    def refuse() -> dict[str, Any]:
        write(alice, "one")
        raise Refusal(Code.LIMIT_REACHED, "Enough.", {"retry_after": 3})

    refused = []
    for _ in range(2):
        with pytest.raises(Refusal) as each:
            once(alice.id, named("k"), refuse)
        refused.append(each.value)

    assert [(each.code, each.told, each.extra, each.replayed) for each in refused] == [
        (Code.LIMIT_REACHED, "Enough.", {"retry_after": 3}, False),
        (Code.LIMIT_REACHED, "Enough.", {"retry_after": 3}, True),
    ]
    assert written(alice) == 0


def test_a_fault_leaves_nothing_and_may_be_repeated(alice: User) -> None:
    def break_down() -> dict[str, Any]:
        write(alice, "one")
        raise RuntimeError

    with pytest.raises(RuntimeError):
        once(alice.id, named("k"), break_down)

    assert written(alice) == 0
    assert once(alice.id, named("k"), lambda: write(alice, "two")) == ({"name": "two"}, False)


def test_another_request_under_the_same_name_is_refused(alice: User) -> None:
    once(alice.id, named("k", "a"), lambda: write(alice, "one"))

    with pytest.raises(Refusal) as refused:
        once(alice.id, named("k", "b"), lambda: write(alice, "two"))
    assert refused.value.code is Code.IDEMPOTENCY_KEY_REUSED


@pytest.mark.django_db(transaction=True)
def test_a_name_whose_request_still_runs_is_told_so(alice: User) -> None:
    told: list[Code] = []

    def meanwhile() -> None:
        try:
            once(alice.id, named("k"), lambda: write(alice, "two"))
        except Refusal as refused:
            told.append(refused.code)
        finally:
            connection.close()

    def slowly() -> dict[str, Any]:
        other = threading.Thread(target=meanwhile)
        other.start()
        other.join()
        return write(alice, "one")

    assert once(alice.id, named("k"), slowly) == ({"name": "one"}, False)
    assert told == [Code.REQUEST_IN_PROGRESS]


def test_what_was_sealed_with_an_older_key_is_still_read_and_with_none_of_ours_is_not(settings: Any) -> None:
    settings.SECRET_KEY = "first"
    sealed = seal("whsec_x")
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "second", ["first"]

    assert "whsec" not in sealed
    assert unseal(sealed) == "whsec_x"
    settings.SECRET_KEY_FALLBACKS = []
    with pytest.raises(Unreadable):
        unseal(sealed)
