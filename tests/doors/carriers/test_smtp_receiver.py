"""The SMTP and LMTP doors over real sockets: what is stored, what is answered, and when."""

import asyncio
import smtplib
from collections.abc import Awaitable, Callable
from email.message import EmailMessage

import pytest

from activkode.doors.carriers.smtp.listeners import Listeners
from activkode.intake.messages import Kind
from doors.carriers.recorder import Recorder
from doors.carriers.talk import Talk

pytestmark = pytest.mark.anyio

Mail = Callable[..., Awaitable[Listeners]]
Eventually = Callable[..., Awaitable[None]]
ALICE, BOB = "alice@mail.example", "bob@mail.example"
RAW = b"Message-ID: <1@shop.example>\r\nSubject: Your code\r\n\r\n482913\r\n"
END = b".\r\n"


@pytest.fixture(autouse=True)
def leased(recorder: Recorder) -> None:
    recorder.addresses |= {ALICE, BOB}


def compose(to: str) -> EmailMessage:
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = "Shop <no-reply@shop.example>", to, "Ваш код 😀"
    mail.set_content("Your code is 482913 — €\n")
    mail.add_alternative("<p>Your code is <b>482913</b></p>", subtype="html")
    return mail


async def test_smtplib_delivers_a_mail(mail: Mail, recorder: Recorder, eventually: Eventually) -> None:
    listeners = await mail()

    def deliver() -> None:
        with smtplib.SMTP("127.0.0.1", listeners.ports["smtp"]) as client:
            client.send_message(compose(ALICE))

    await asyncio.to_thread(deliver)
    [kept] = recorder.kept
    assert (kept.carrier, kept.kind, kept.recipient) == ("smtp", Kind.EMAIL, ALICE)
    assert (kept.sender, kept.text, kept.part) == ("no-reply@shop.example", "", None)
    assert kept.raw.endswith(b"--\r\n")
    assert b"482913" in kept.raw
    await eventually(lambda: recorder.settled == [1])


async def test_smtplib_delivers_by_lmtp(mail: Mail, recorder: Recorder) -> None:
    listeners = await mail()

    def deliver() -> dict[str, tuple[int, bytes]]:
        with smtplib.LMTP("127.0.0.1", listeners.ports["lmtp"]) as client:
            return client.sendmail("carl@shop.example", [ALICE], RAW)

    assert await asyncio.to_thread(deliver) == {}
    assert recorder.kept[0].carrier == "lmtp"
    assert recorder.kept[0].raw == RAW


async def test_the_octets_are_kept_as_they_came(mail: Mail, recorder: Recorder) -> None:
    raw = (
        b"X: \xff\xfe\r\nContent-Type: multipart/mixed; boundary=never\r\n\r\n--wrong\r\n\0\x80 \xf0\x9f\r\n"
    )
    async with Talk((await mail()).ports["smtp"]) as talk:
        await talk.address(ALICE)
        assert (await talk.say(raw + END)).startswith("250 2.0.0")
    assert recorder.kept[0].raw == raw


async def test_the_first_dot_of_a_line_is_unstuffed(mail: Mail, recorder: Recorder) -> None:
    async with Talk((await mail()).ports["smtp"]) as talk:
        await talk.address(ALICE)
        await talk.say(b"..a\r\n...\r\n.b\r\n" + END)
    assert recorder.kept[0].raw == b".a\r\n..\r\nb\r\n"


async def test_each_recipient_gets_an_original_of_his_own(mail: Mail, recorder: Recorder) -> None:
    async with Talk((await mail()).ports["smtp"]) as talk:
        replies = await talk.address(ALICE, BOB, ALICE)
        assert [reply[:3] for reply in replies] == ["250", "250", "250", "250", "354"]
        assert (await talk.say(RAW + END)).startswith("250")
    assert sorted(inbound.recipient for inbound in recorder.kept) == [ALICE, BOB]
    assert len({inbound.source_id for inbound in recorder.kept}) == 2


async def test_lmtp_answers_once_for_each_recipient(mail: Mail, recorder: Recorder) -> None:
    async with Talk((await mail()).ports["lmtp"], b"LHLO carl.example\r\n") as talk:
        assert "PIPELINING" in talk.greeting
        await talk.address(ALICE, "nobody@mail.example", BOB)
        assert (await talk.say(RAW + END)).startswith("250")
        assert (await talk.reply()).startswith("250")
        assert (await talk.say(b"NOOP\r\n")).startswith("250")
    assert len(recorder.kept) == 2


async def test_lmtp_tells_which_recipient_was_not_stored(mail: Mail, recorder: Recorder) -> None:
    recorder.refused.add(BOB)
    async with Talk((await mail()).ports["lmtp"], b"LHLO carl.example\r\n") as talk:
        await talk.address(ALICE, BOB)
        assert [(await talk.say(RAW + END))[:3], (await talk.reply())[:3]] == ["250", "451"]


async def test_smtp_asks_for_a_repeat_where_one_recipient_was_not_stored(
    mail: Mail, recorder: Recorder, eventually: Eventually
) -> None:
    recorder.refused.add(BOB)
    async with Talk((await mail()).ports["smtp"]) as talk:
        await talk.address(ALICE, BOB)
        assert (await talk.say(RAW + END)).startswith("451")
    await eventually(lambda: recorder.settled == [1])  # what was stored does not wait for the repeat


@pytest.mark.parametrize(
    ("written", "stored"),
    [
        ("Alice@MAIL.example", ALICE),
        ("alice+shop@mail.example", ALICE),
        ('"alice"@mail.example', ALICE),
        ("@relay.example:alice@mail.example", ALICE),
        ("tag+kept@mail.example", "tag+kept@mail.example"),
    ],
)
async def test_a_leased_address_is_taken_in_all_its_spellings(
    mail: Mail, recorder: Recorder, written: str, stored: str
) -> None:
    recorder.addresses |= {"tag+kept@mail.example", "tag@mail.example"}
    async with Talk((await mail()).ports["smtp"]) as talk:
        await talk.address(written)
        assert (await talk.say(RAW + END)).startswith("250")
    assert recorder.kept[0].recipient == stored


async def test_nothing_is_relayed_and_the_unknown_is_told_so(mail: Mail, recorder: Recorder) -> None:
    async with Talk((await mail()).ports["smtp"]) as talk:
        await talk.say(b"MAIL FROM:<carl@shop.example>\r\n")
        for stranger in (
            b"nobody@mail.example",
            b"alice@elsewhere.example",
            b"alice%mail.example@mail.example",
        ):
            assert (await talk.say(b"RCPT TO:<" + stranger + b">\r\n")).startswith("550 5.1.1")
        assert (await talk.say(b"DATA\r\n")).startswith("503")
    assert recorder.calls == 0


async def test_who_guesses_addresses_is_hung_up_on(mail: Mail) -> None:
    async with Talk((await mail()).ports["smtp"]) as talk:
        await talk.say(b"MAIL FROM:<carl@shop.example>\r\n")
        replies = [await talk.say(f"RCPT TO:<n{n}@mail.example>\r\n".encode()) for n in range(20)]
        assert {reply[:9] for reply in replies[:-1]} == {"550 5.1.1"}
        assert replies[-1].startswith("421 4.7.0")
        assert await talk.reply() == ""


async def test_a_database_that_is_away_is_told_at_the_recipient(mail: Mail, recorder: Recorder) -> None:
    recorder.is_away = True
    async with Talk((await mail()).ports["smtp"]) as talk:
        replies = await talk.address(ALICE)
        assert replies[1].startswith("451 4.3.0")


async def test_a_database_that_goes_away_before_the_mail_is_stored_means_try_later(
    mail: Mail, recorder: Recorder
) -> None:
    async with Talk((await mail()).ports["smtp"]) as talk:
        await talk.address(ALICE)
        recorder.is_away = True
        assert (await talk.say(RAW + END)).startswith("451 4.3.0")
        recorder.is_away = False
        await talk.address(ALICE)
        assert (await talk.say(RAW + END)).startswith("250")
    assert len(recorder.kept) == 1


async def test_a_repeat_after_a_lost_answer_has_the_same_identity(mail: Mail, recorder: Recorder) -> None:
    port = (await mail()).ports["smtp"]
    for _ in range(2):
        async with Talk(port) as talk:
            await talk.address(ALICE)
            await talk.say(RAW + END)
    assert recorder.kept[0].source_id == recorder.kept[1].source_id != ""


async def test_a_mail_without_marks_of_its_own_has_no_identity(mail: Mail, recorder: Recorder) -> None:
    async with Talk((await mail()).ports["smtp"]) as talk:
        await talk.address(ALICE)
        await talk.say(b"Subject: 1\r\n\r\nMessage-ID: <not-a-header@shop.example>\r\n" + END)
    assert recorder.kept[0].source_id == ""


async def test_the_answer_waits_for_intake(mail: Mail, recorder: Recorder, eventually: Eventually) -> None:
    async with Talk((await mail()).ports["smtp"]) as talk:
        await talk.address(ALICE)
        recorder.gate.clear()
        answer = asyncio.create_task(talk.say(RAW + END))
        await eventually(lambda: recorder.calls == 1)
        await asyncio.sleep(0.2)
        assert not answer.done()
        assert recorder.settled == []
        recorder.gate.set()
        assert (await answer).startswith("250")


async def test_a_bounce_has_no_sender(mail: Mail, recorder: Recorder) -> None:
    async with Talk((await mail()).ports["smtp"]) as talk:
        await talk.address(ALICE, sender="")
        assert (await talk.say(RAW + END)).startswith("250")
    assert recorder.kept[0].sender == ""


async def test_utf8_addresses_and_eight_bit_bodies_are_offered_and_taken(
    mail: Mail, recorder: Recorder
) -> None:
    recorder.addresses.add("алиса@xn--bcher-kva.example")
    async with Talk((await mail()).ports["smtp"]) as talk:
        assert {"250-8BITMIME", "250-SMTPUTF8", "250-SIZE 100000", "250-PIPELINING"} <= set(
            talk.greeting.splitlines()
        )
        await talk.say("MAIL FROM:<карл@shop.example> SMTPUTF8 BODY=8BITMIME\r\n".encode())
        await talk.say("RCPT TO:<Алиса@Bücher.example>\r\n".encode())
        await talk.say(b"DATA\r\n")
        assert (await talk.say(RAW + "код\r\n".encode() + END)).startswith("250")
    assert (recorder.kept[0].sender, recorder.kept[0].recipient) == (
        "карл@shop.example",
        "алиса@xn--bcher-kva.example",
    )


async def test_stopping_lets_the_mail_under_way_be_answered(
    mail: Mail, recorder: Recorder, eventually: Eventually
) -> None:
    listeners = await mail()
    async with Talk(listeners.ports["smtp"]) as idle, Talk(listeners.ports["smtp"]) as talk:
        await talk.address(ALICE)
        recorder.gate.clear()
        answer = asyncio.create_task(talk.say(RAW + END))
        await eventually(lambda: recorder.calls == 1)
        stopping = asyncio.create_task(listeners.stop(within_seconds=5))
        await asyncio.sleep(0.1)
        recorder.gate.set()
        assert (await answer).startswith("250")
        await stopping
        assert (await idle.reply()).startswith("421")
        with pytest.raises(ConnectionRefusedError):
            await asyncio.open_connection("127.0.0.1", listeners.ports["smtp"])
