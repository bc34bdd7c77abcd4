"""Many at once want the same money, the same number, the same key, the same line."""

import random

import pytest

import cast
from activkode.activations import operations
from activkode.activations.operations import Answer, Rent
from activkode.activations.policy import Event
from activkode.core import sql
from activkode.core.errors import Code
from activkode.core.idempotency import key
from activkode.identity.models import User
from activkode.intake import deliver
from activkode.intake.messages import Inbound, Kind
from activkode.ledger import read
from races.together import together

pytestmark = [pytest.mark.races, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def alice(db: None) -> User:
    cast.shelf([f"4479{number:08}" for number in range(100)])
    return cast.person("alice")


@pytest.mark.parametrize("affordable", [1, 5])
def test_fifty_rents_with_money_for_a_few(alice: User, affordable: int) -> None:
    cast.fund(alice, f"{2 * affordable}.00")
    answers = together([lambda: operations.open(alice.id, Rent("shop", "GB"))] * 50)
    assert sum(isinstance(answer, Answer) for answer in answers) == affordable
    assert answers.count(Code.INSUFFICIENT_BALANCE) == 50 - affordable
    assert read.balance(alice.id).cash == 0
    # Whoever took a number and then found the money gone has put it back.
    assert sql.value("select count(*) from supply_lease") == affordable
    free = "select count(*) from supply_free f join catalogue_offer o on o.id = f.offer_id where o.service_id = %s"
    shop = sql.value("select id from catalogue_service where code = 'shop'")
    assert sql.value(free, (shop,)) == 100 - affordable


def test_twenty_cancels_refund_once(alice: User) -> None:
    cast.fund(alice, "10.00")
    one = operations.open(alice.id, Rent("shop", "GB")).activation
    answers = together([lambda: operations.apply(alice.id, one.id, Event.CANCEL)] * 20)
    assert len({answer.activation.refunded_at for answer in answers if isinstance(answer, Answer)}) == 1
    assert read.balance(alice.id).cash == 10_000_000


def test_one_key_rents_once(alice: User) -> None:
    cast.fund(alice, "100.00")
    same = key("k", "POST /v1/activations", b"{}")
    answers = together([lambda: operations.open(alice.id, Rent("shop", "GB"), same)] * 20)
    rented = {answer.activation.id for answer in answers if isinstance(answer, Answer)}
    assert len(rented) == 1
    assert all(isinstance(answer, Answer) or answer is Code.REQUEST_IN_PROGRESS for answer in answers)
    assert read.balance(alice.id).held == 2_000_000


def test_first_credits_of_a_new_wallet_all_arrive(alice: User) -> None:
    together([lambda: cast.fund(alice, "0.01")] * 50)
    assert read.balance(alice.id).cash == 500_000


def test_sixteen_writers_make_one_audit_log(alice: User) -> None:
    def write() -> None:
        for number in range(10):
            sql.execute("select fn.audit_log('olga', 'look', %s, '{}')", (str(number),))

    before = sql.value("select count(*) from core_audit_log")
    together([write] * 16)
    assert sql.value("select count(*) from core_audit_log") == before + 160


def test_takers_never_get_the_same_number_for_a_service(alice: User) -> None:
    cast.fund(alice, "10000.00")
    people = [cast.person(f"p{number}") for number in range(16)]
    for person in people:
        cast.fund(person, "100.00")

    def rent_ten(person: User) -> list[str]:
        return [operations.open(person.id, Rent("shop", "GB")).activation.address for _ in range(6)]

    found = together([lambda person=person: rent_ten(person) for person in people])
    taken = [address for one in found if isinstance(one, list) for address in one]
    assert len(taken) == len(set(taken)) == 96


def test_a_service_that_shares_no_number_is_alone_on_it_under_race(alice: User) -> None:
    people = [cast.person(f"p{number}") for number in range(12)]
    for person in people:
        cast.fund(person, "100.00")

    def rent(person: User, service: str) -> list[tuple[str, str]]:
        return [
            (operations.open(person.id, Rent(service, "GB")).activation.address, service) for _ in range(7)
        ]

    calls = [
        lambda person=person, service=service: rent(person, service)
        for person, service in zip(people, ["plain", "shop", "rival"] * 4, strict=True)
    ]
    found = [pair for one in together(calls) if isinstance(one, list) for pair in one]
    alone = {address for address, service in found if service == "plain"}
    shared = {address for address, service in found if service != "plain"}
    assert alone and shared and not alone & shared


def test_two_settlers_deliver_once(alice: User) -> None:
    cast.fund(alice, "10.00")
    one = operations.open(alice.id, Rent("shop", "GB")).activation
    original = deliver.receive(
        Inbound("carl", "1", Kind.SMS, one.address, "Shop", b"", "Your Shop code is 481920")
    )
    assert set(together([lambda: deliver.settle(original)] * 8)) == {"delivered"}
    assert sql.value("select count(*) from activations_message") == 1


def test_a_repeated_message_on_two_links_at_once_is_stored_once(alice: User) -> None:
    inbound = Inbound("carl", "", Kind.SMS, "447900000001", "Shop", b"x", "Your Shop code is 481920")
    assert len(set(together([lambda: deliver.receive(inbound)] * 16))) == 1


def test_random_deeds_of_many_keep_the_books(alice: User) -> None:
    people = [cast.person(f"p{number}") for number in range(8)]
    for person in people:
        cast.fund(person, "20.00")
        cast.fund(person, "3.00", promo=True)

    def live(person: User, seed: int) -> None:
        chance = random.Random(seed)
        mine: list[int] = []
        for _ in range(150):
            deed = chance.random()
            if deed < 0.5 or not mine:
                answer = _try(
                    lambda: operations.open(person.id, Rent(chance.choice(["shop", "plain"]), kind="email"))
                )
                mine += [answer.activation.id] if answer else []
            else:
                number = mine.pop(chance.randrange(len(mine)))
                _try(
                    lambda number=number: operations.apply(
                        person.id, number, chance.choice([Event.CANCEL, Event.FAIL])
                    )
                )

    together([lambda person=person: live(person, person.id) for person in people])
    for person in people:
        open_price = sql.value(
            "select coalesce(sum(price_micros), 0) from activations_activation where customer_id = %s and state = 'waiting'",
            (person.id,),
        )
        assert read.balance(person.id).held == open_price


def _try(call: object) -> Answer | None:
    from activkode.core.errors import Refusal

    try:
        return call()  # type: ignore[operator, no-any-return]
    except Refusal:
        return None
