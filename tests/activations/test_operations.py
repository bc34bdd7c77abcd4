"""Renting and ending, as any door calls it."""

import pytest

import cast
from activkode.activations import operations, read
from activkode.activations.operations import Rent
from activkode.activations.policy import Event
from activkode.core import sql
from activkode.core.errors import Code, Refusal
from activkode.core.idempotency import key
from activkode.identity.models import User
from activkode.ledger import read as books

pytestmark = pytest.mark.django_db


@pytest.fixture
def alice() -> User:
    return cast.shopper()


def _code(call: object) -> Code:
    with pytest.raises(Refusal) as refused:
        call()  # type: ignore[operator]
    return refused.value.code


def test_a_repeated_key_gives_the_first_answer_again(alice: User) -> None:
    same = key("k1", "POST /v1/activations", b"{}")
    first = operations.open(alice.id, Rent("shop", "GB"), same)
    operations.apply(alice.id, first.activation.id, Event.CANCEL)
    again = operations.open(alice.id, Rent("shop", "GB"), same)
    assert again.replayed and not first.replayed
    assert again.activations == first.activations
    assert books.balance(alice.id).cash == 10_000_000


def test_a_key_with_another_body_is_refused(alice: User) -> None:
    operations.open(alice.id, Rent("shop", "GB"), key("k1", "P /a", b"1"))
    assert (
        _code(lambda: operations.open(alice.id, Rent("shop", "GB"), key("k1", "P /a", b"2")))
        is Code.IDEMPOTENCY_KEY_REUSED
    )


def test_a_refusal_is_replayed_too(alice: User) -> None:
    poor = key("k1", "P /a", b"1")
    rent = Rent("slow", "GB", quantity=None)
    for _ in range(3):
        operations.open(alice.id, rent)
    for replayed in (False, True):
        with pytest.raises(Refusal) as refused:
            operations.open(alice.id, rent, poor)
        assert (refused.value.code, refused.value.replayed) == (Code.INSUFFICIENT_BALANCE, replayed)


def test_keys_of_two_customers_are_apart(alice: User) -> None:
    bob = cast.person("bob")
    cast.fund(bob, "2.00")
    mine, his = (operations.open(user.id, Rent("shop", "GB"), key("k", "P /a", b"")) for user in (alice, bob))
    assert mine.activation.id != his.activation.id


def test_a_quantity_gives_what_there_is_and_counts_the_rest(alice: User) -> None:
    answer = operations.open(alice.id, Rent("slow", "GB", quantity=5))
    assert (len(answer.activations), answer.failed) == (3, 2)
    assert len({one.address for one in answer.activations}) == 3


@pytest.mark.parametrize("quantity", [0, -1, 51])
def test_a_quantity_out_of_bounds_is_refused(alice: User, quantity: int) -> None:
    assert (
        _code(lambda: operations.open(alice.id, Rent("shop", "GB", quantity=quantity)))
        is Code.INVALID_REQUEST
    )


def test_no_numbers_leaves_no_trace(alice: User) -> None:
    cast.fund(alice, "100.00")
    for _ in cast.PHONES:
        operations.open(alice.id, Rent("shop", "GB"))
    before = books.balance(alice.id)
    assert _code(lambda: operations.open(alice.id, Rent("shop", "GB"))) is Code.NO_NUMBERS
    assert books.balance(alice.id) == before


def test_a_service_without_own_senders_never_shares_a_number(alice: User) -> None:
    cast.fund(alice, "100.00")
    plain = {operations.open(alice.id, Rent("plain", "GB")).activation.address for _ in range(10)}
    others = {operations.open(alice.id, Rent("shop", "GB")).activation.address for _ in range(10)}
    assert not plain & others
    assert _code(lambda: operations.open(alice.id, Rent("plain", "GB"))) is Code.NO_NUMBERS


def test_an_address_is_given_once_for_ever(alice: User) -> None:
    one = operations.open(alice.id, Rent("shop", kind="email")).activation
    operations.apply(alice.id, one.id, Event.CANCEL)
    blocked = sql.value(
        "select blocked_until = 'infinity' from supply_lease where activation_id = %s", (one.id,)
    )
    assert blocked is True


def test_a_stored_policy_version_rules(alice: User) -> None:
    one = operations.open(alice.id, Rent("shop", "GB")).activation
    assert one.policy_version == sql.value("select max(version) from core_policy")


def test_the_loser_of_a_race_is_told_the_code_and_its_time(alice: User) -> None:
    from activkode.intake import deliver
    from activkode.intake.messages import Inbound, Kind

    one = operations.open(alice.id, Rent("shop", "GB")).activation
    text = "Your Shop code is 481920"
    deliver.settle(deliver.receive(Inbound("carl", "1", Kind.SMS, one.address, "Shop", b"", text)))
    with pytest.raises(Refusal) as refused:
        operations.apply(alice.id, one.id, Event.CANCEL)
    arrived = read.get(alice.id, one.id).messages[0].received_at
    assert refused.value.code is Code.CODE_ARRIVED
    assert arrived in refused.value.told and "481920" in refused.value.told


def test_a_request_without_a_number_fails_and_is_refunded_by_the_clock(alice: User) -> None:
    offer = sql.value("select id from catalogue_offer where kind = 'sms' limit 1")
    one = operations.request(alice.id, offer).activation
    assert (one.state, books.balance(alice.id).held) == ("requesting", one.price_micros)
    sql.execute("select set_config('activkode_test.shift', '121 seconds', true)")
    assert operations.expire_due(10)[0] == 1
    after = read.get(alice.id, one.id)
    assert (after.state, after.clause, books.balance(alice.id).cash) == (
        "failed",
        "refund.our_fault",
        10_000_000,
    )


def test_a_late_number_of_a_supplier_is_refused(alice: User) -> None:
    offer = sql.value("select id from catalogue_offer where kind = 'sms' limit 1")
    one = operations.request(alice.id, offer).activation
    operations.apply(alice.id, one.id, Event.CANCEL)
    assert _code(lambda: operations.give_number(alice.id, one.id, "447700900999")) is Code.WRONG_STATE


def test_a_service_with_few_codes_is_delisted(alice: User) -> None:
    cast.fund(alice, "2000.00")
    offer = sql.value("select o.id from catalogue_offer o join catalogue_service s on s.id = o.service_id"
                      " where s.code = 'shop' and o.kind = 'email'")  # fmt: skip
    for _ in range(200):
        operations.open(alice.id, Rent("shop", kind="email"))
    sql.execute("select set_config('activkode_test.shift', '1201 seconds', true)")
    operations.expire_due(1000)
    sql.execute("select fn.quality_refresh()")
    assert sql.value("select delisted_at is not null from catalogue_offer where id = %s", (offer,))
    assert _code(lambda: operations.open(alice.id, Rent("shop", kind="email"))) is Code.UNKNOWN_SERVICE


@pytest.mark.django_db
def test_every_batch_of_an_expiry_is_planned_for_its_own_figures() -> None:
    """After an outage with more than five batches of overdue windows, the sixth took the plan that PostgreSQL had kept for
    any figures, and ran for minutes: the promise of 120 s was broken."""
    settings = sql.value("select proconfig from pg_proc where proname = 'expire_due'")

    assert "plan_cache_mode=force_custom_plan" in settings
