"""From a carrier's original to its fate, on a real database."""

import itertools

import pytest

import cast
from activkode.activations import operations, read
from activkode.activations.operations import Rent
from activkode.activations.policy import Event
from activkode.core import sql
from activkode.intake import deliver
from activkode.intake.messages import Inbound, Kind, Part
from activkode.intake.parts import GAP

pytestmark = pytest.mark.django_db
TEXT = "Shop: your verification code is 481920, valid for ten minutes."


@pytest.fixture
def rented() -> read.Activation:
    cast.shelf()
    alice = cast.person("alice")
    cast.fund(alice, "50.00")
    return operations.open(alice.id, Rent("shop", "GB")).activation


def _sms(
    one: read.Activation, text: str, *, source: str = "", part: Part | None = None, sender: str = "Shop"
) -> Inbound:
    return Inbound("carl", source, Kind.SMS, one.address, sender, text.encode(), text, part)


def _parts(one: read.Activation, text: str, count: int, reference: int = 7) -> list[Inbound]:
    size = -(-len(text) // count)
    pieces = [text[i * size : (i + 1) * size] for i in range(count)]
    return [
        _sms(one, piece, source=f"r{reference}-{n}", part=Part(reference, count, n))
        for n, piece in enumerate(pieces, 1)
    ]


def _texts(one: read.Activation) -> list[str | None]:
    return [message.text for message in read.get(one.customer, one.id).messages]


def test_a_repeat_without_an_id_is_one_original(rented: read.Activation) -> None:
    first, second = (deliver.receive(_sms(rented, TEXT)) for _ in range(2))
    assert first == second
    assert sql.value("select count(*) from intake_original") == 1


def test_a_repeat_with_an_id_is_one_original_for_ever(rented: read.Activation) -> None:
    first = deliver.receive(_sms(rented, TEXT, source="m1"))
    sql.execute("select set_config('activkode_test.shift', '30 days', true)")
    assert deliver.receive(_sms(rented, TEXT, source="m1")) == first
    sql.execute("select set_config('activkode_test.shift', '', true)")
    assert deliver.settle(first) == "delivered"


def test_the_same_text_after_ten_minutes_is_another_message(rented: read.Activation) -> None:
    first = deliver.receive(_sms(rented, TEXT))
    deliver.settle(first)
    sql.execute("select set_config('activkode_test.shift', '601 seconds', true)")
    second = deliver.receive(_sms(rented, TEXT))
    assert second != first
    assert deliver.settle(second) == "delivered"
    assert _texts(rented) == [TEXT, TEXT]


@pytest.mark.parametrize(
    "order", [order for count in (2, 3, 4) for order in itertools.permutations(range(count))]
)
def test_parts_in_any_order_make_one_message(rented: read.Activation, order: tuple[int, ...]) -> None:
    parts = _parts(rented, TEXT, len(order))
    fates = [deliver.settle(deliver.receive(parts[n])) for n in order]
    assert fates == ["pending"] * (len(order) - 1) + ["delivered"]
    assert _texts(rented) == [TEXT]


def test_a_doubled_part_is_no_second_message(rented: read.Activation) -> None:
    parts = _parts(rented, TEXT, 3)
    for inbound in (parts[2], parts[2], parts[0], parts[0], parts[1], parts[1]):
        deliver.settle(deliver.receive(inbound))
    assert _texts(rented) == [TEXT]


def test_a_lost_part_leaves_a_gap_after_a_minute(rented: read.Activation) -> None:
    parts = _parts(rented, TEXT, 3)
    for inbound in parts[:2]:
        deliver.settle(deliver.receive(inbound))
    assert deliver.settle_pending(10) == 0
    sql.execute("select set_config('activkode_test.shift', '61 seconds', true)")
    assert deliver.settle_pending(10) == 2
    assert _texts(rented) == [parts[0].text + parts[1].text + GAP]
    assert deliver.settle(deliver.receive(parts[2])) == "pending"
    sql.execute("select set_config('activkode_test.shift', '125 seconds', true)")
    deliver.settle_pending(10)
    assert _texts(rented)[1] == GAP + GAP + parts[2].text


def test_parts_of_two_messages_with_one_reference_stay_apart(rented: read.Activation) -> None:
    two, three = _parts(rented, TEXT, 2), _parts(rented, "Shop: another code, 771133, for you today.", 3, 7)
    three = [
        Inbound(p.carrier, f"b{p.source_id}", p.kind, p.recipient, p.sender, p.raw, p.text, p.part)
        for p in three
    ]
    for inbound in (two[0], three[2], three[0], two[1], three[1]):
        deliver.settle(deliver.receive(inbound))
    assert _texts(rented) == [TEXT, "Shop: another code, 771133, for you today."]


def test_a_character_split_between_parts_is_whole_again(rented: read.Activation) -> None:
    high, low = "\U0010f83d", "\U0010fe00"  # the halves of U+1F600 as a carrier door stores them
    halves = [
        _sms(rented, f"Shop code 481920 {high}", source="a", part=Part(1, 2, 1)),
        _sms(rented, f"{low}!", source="b", part=Part(1, 2, 2)),
    ]
    for inbound in halves:
        deliver.settle(deliver.receive(inbound))
    assert _texts(rented) == ["Shop code 481920 \U0001f600!"]


def test_settling_twice_changes_nothing(rented: read.Activation) -> None:
    original = deliver.receive(_sms(rented, TEXT))
    assert [deliver.settle(original) for _ in range(3)] == ["delivered"] * 3
    assert len(_texts(rented)) == 1


def test_what_a_crash_left_is_settled_later(rented: read.Activation) -> None:
    deliver.receive(_sms(rented, TEXT))
    assert deliver.settle_pending(10) == 1
    assert read.get(rented.customer, rented.id).state == "received"


def test_a_message_before_the_lease_is_nobodys(rented: read.Activation) -> None:
    other = Inbound("carl", "x", Kind.SMS, "447700900998", "Shop", b"", TEXT)
    assert deliver.settle(deliver.receive(other)) == "no_lease"


def test_the_next_renter_never_sees_a_late_message(rented: read.Activation) -> None:
    operations.apply(rented.customer, rented.id, Event.CANCEL)
    sql.execute("select set_config('activkode_test.shift', '25 hours', true)")
    sql.execute("select fn.quarantine_end(100)")
    assert deliver.settle(deliver.receive(_sms(rented, TEXT))) == "late"


def test_the_same_text_by_a_second_carrier_is_a_duplicate(rented: read.Activation) -> None:
    deliver.settle(deliver.receive(_sms(rented, TEXT)))
    other = Inbound("second", "s1", Kind.SMS, rented.address, "Shop", TEXT.encode(), TEXT)
    assert deliver.settle(deliver.receive(other)) == "duplicate"


def test_nul_in_a_text_is_kept_raw_and_replaced_for_people(rented: read.Activation) -> None:
    original = deliver.receive(_sms(rented, "Shop code 481920\x00"))
    deliver.settle(original)
    assert _texts(rented) == ["Shop code 481920\ufffd"]
    assert (
        bytes(sql.value("select raw from intake_original where id = %s", (original,)))
        == b"Shop code 481920\x00"
    )


def test_gsm_text_flagged_as_ucs2_is_marked_suspicious(rented: read.Activation) -> None:
    original = deliver.receive(_sms(rented, "卓灬浥", sender="44770090"))
    assert deliver.settle(original) == "no_code"
    assert sql.value("select suspicious from intake_fate where original_id = %s", (original,))
