"""The demo carrier: what it sends for a rental, when, and that nothing is sent twice."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta

import pytest

from activkode.doors.carriers.smpp.receiver import Receiver
from activkode.doors.carriers.smpp.text import Dialect
from activkode.doors.carriers.smpp.translate import translate
from activkode.doors.carriers.smpp.wire.pdu import Pdu
from activkode.doors.carriers.smtp.listeners import Listeners
from activkode.doors.demo import mailer
from activkode.doors.demo.carrier import Carrier
from activkode.doors.demo.mailer import Mailer
from activkode.doors.demo.plan import plan
from activkode.doors.demo.rentals import Rental
from activkode.doors.demo.scripts import SCRIPTS, sender_of
from activkode.doors.demo.segments import Carriage, segments
from activkode.doors.demo.smsc import FakeSmsc
from activkode.intake.messages import Kind
from doors.carriers.recorder import SYSTEM_ID, Recorder

Eventually = Callable[..., Awaitable[None]]
OPENED = datetime(2026, 3, 1, 12, tzinfo=UTC)


def rental(service: str, age_seconds: float = 0.0, **fields: object) -> Rental:
    plain = {"activation_id": 1, "service": service, "kind": "sms", "address": "447700900001"}
    times = {"opened_at": OPENED, "expires_at": OPENED + timedelta(minutes=20)}
    return Rental(**plain | times | {"seen_at": OPENED + timedelta(seconds=age_seconds)} | fields)


@pytest.mark.parametrize(
    ("service", "age_seconds", "waits"),
    [
        ("demo-instant", 0.2, [0.8]),
        ("demo-slow", 0, [20]),
        ("demo-silent", 0, []),
        ("demo-short", 0, []),
        ("demo-two", 0, [1, 6]),
        ("demo-two", 3, [0, 3]),
        ("demo-instant", 59, [0]),
        ("demo-instant", 61, []),
        ("demo-late", 0, [1205]),
        ("demo-late", 900, [305]),
        ("demo-late", 1300, []),
        ("not-a-demo", 0, []),
    ],
)
def test_each_text_has_its_time_and_an_old_one_is_not_repeated(
    service: str, age_seconds: float, waits: list[float]
) -> None:
    assert [due.wait_seconds for due in plan(rental(service, age_seconds))] == pytest.approx(waits)


def test_the_texts_are_as_promised() -> None:
    texts = {service: [due.text for due in plan(rental(service))] for service in SCRIPTS}
    codes = {service: sum(any(c.isdigit() for c in text) for text in sent) for service, sent in texts.items()}
    assert codes == {
        "demo-instant": 1,
        "demo-slow": 1,
        "demo-silent": 0,
        "demo-nocode": 0,
        "demo-late": 1,
        "demo-two": 2,
        "demo-long": 1,
        "demo-short": 0,
    }
    assert len(texts["demo-nocode"]) == 1
    assert len(set(texts["demo-two"])) == 2


def test_the_long_text_needs_parts_and_every_sender_fits() -> None:
    [due] = plan(rental("demo-long"))
    assert len(segments(due.text, to="4477", sender="DemoLong")) >= 3
    assert all(len(sender_of(service)) <= 11 for service in SCRIPTS)
    assert sender_of("demo-instant") == "DemoInstant"


@pytest.mark.parametrize("carriage", [Carriage.PARTS, Carriage.WIDE_PARTS, Carriage.SAR])
@pytest.mark.parametrize("written", ["{" * 400, "😀" * 200])
def test_no_part_ends_inside_a_character(carriage: Carriage, written: str) -> None:
    cut = segments(written, to="1", sender="Carl", carriage=carriage)
    read = [
        translate(Pdu(segment.command, 1, body=segment.body), "carl", Dialect()).inbound for segment in cut
    ]
    assert {inbound.text.strip(written[0]) for inbound in read if inbound} == {""}
    assert all(inbound and len(inbound.raw) < 200 for inbound in read)


@pytest.mark.anyio
async def test_a_rental_is_played_once_by_sms(
    smsc: FakeSmsc, receive_from: Callable[..., Receiver], recorder: Recorder, eventually: Eventually
) -> None:
    receive_from(smsc.port)
    await smsc.bound(SYSTEM_ID)
    carrier = Carrier(smsc, SYSTEM_ID, Mailer("127.0.0.1", 1))
    watching = asyncio.create_task(carrier.watch(lambda after: [rental("demo-instant", 1.5)]))
    await eventually(lambda: recorder.kept)
    await asyncio.sleep(0.6)  # it is shown the same rental again and again
    watching.cancel()
    await carrier.stop()
    [kept] = recorder.kept
    assert (kept.recipient, kept.sender) == ("447700900001", "DemoInstant")


@pytest.mark.anyio
async def test_a_rental_is_played_by_mail(
    smsc: FakeSmsc, mail: Callable[..., Awaitable[Listeners]], recorder: Recorder, eventually: Eventually
) -> None:
    recorder.addresses.add("a1@mail.example")
    port = (await mail()).ports["smtp"]
    carrier = Carrier(smsc, SYSTEM_ID, Mailer("127.0.0.1", port))
    carrier.play(rental("demo-two", 30, kind="email", address="a1@mail.example"))
    await eventually(lambda: len(recorder.kept) == 2)
    await carrier.stop()
    assert {(inbound.kind, inbound.recipient) for inbound in recorder.kept} == {
        (Kind.EMAIL, "a1@mail.example")
    }
    assert all(b"multipart/alternative" in inbound.raw for inbound in recorder.kept)


@pytest.mark.anyio
async def test_a_mail_that_is_not_taken_now_is_sent_again(
    mail: Callable[..., Awaitable[Listeners]],
    recorder: Recorder,
    eventually: Eventually,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(mailer, "RETRY_SECONDS", (0.1,) * 20)
    recorder.is_away = True
    sending = asyncio.create_task(
        Mailer("127.0.0.1", (await mail()).ports["smtp"]).send(service="s", to="a1@mail.example", text="1")
    )
    await eventually(lambda: recorder.asked)
    recorder.is_away = False
    recorder.addresses.add("a1@mail.example")
    assert await sending
    assert len(recorder.kept) == 1


@pytest.mark.anyio
async def test_a_mail_to_nobody_is_given_up(mail: Callable[..., Awaitable[Listeners]]) -> None:
    port = (await mail()).ports["smtp"]
    assert not await Mailer("127.0.0.1", port).send(service="s", to="nobody@mail.example", text="1")


@pytest.mark.anyio
async def test_the_fake_smsc_repeats_a_temporary_error_and_ends_at_a_permanent_one(
    smsc: FakeSmsc, receive_from: Callable[..., Receiver], recorder: Recorder, eventually: Eventually
) -> None:
    receive_from(smsc.port)
    [for_good] = smsc.send(SYSTEM_ID, "text", to="", sender="Carl")
    assert await for_good.outcome() == 0x0B
    assert len(for_good.statuses) == 1
    recorder.is_away = True
    [later] = smsc.send(SYSTEM_ID, "text", to="4477", sender="Carl")
    await eventually(lambda: len(later.statuses) >= 3)
    recorder.is_away = False
    assert await later.outcome() == 0
