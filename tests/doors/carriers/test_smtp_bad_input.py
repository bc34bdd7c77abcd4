"""Bad mail and bad commands over real sockets: a clear refusal in SMTP's own terms, and the door stays
open."""

import asyncio
import gc
import tracemalloc
from collections.abc import Awaitable, Callable

import pytest
import structlog
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from activkode.doors.carriers.smtp.listeners import Listeners
from doors.carriers.recorder import Recorder
from doors.carriers.talk import Talk

pytestmark = pytest.mark.anyio

Mail = Callable[..., Awaitable[Listeners]]
Eventually = Callable[..., Awaitable[None]]
ALICE = "alice@mail.example"
RAW = b"Message-ID: <1@shop.example>\r\n\r\n482913\r\n"


@pytest.fixture(autouse=True)
def leased(recorder: Recorder) -> None:
    recorder.addresses.add(ALICE)


async def test_a_mail_over_the_limit_is_refused_announced_or_not(mail: Mail, recorder: Recorder) -> None:
    async with Talk((await mail(longest_octets=5000)).ports["smtp"]) as talk:
        assert (await talk.say(b"MAIL FROM:<carl@shop.example> SIZE=5001\r\n")).startswith("552")
        await talk.address(ALICE)
        assert (await talk.say(b"x" * 78 + b"\r\n" + b"y" * 6000 + b"\r\n.\r\n")).startswith("552 5.3.4")
        await talk.address(ALICE)
        assert (await talk.say(RAW + b".\r\n")).startswith("250")
    assert len(recorder.kept) == 1


async def test_lmtp_refuses_a_mail_over_the_limit_once_for_each_recipient(
    mail: Mail, recorder: Recorder
) -> None:
    recorder.addresses.add("bob@mail.example")
    async with Talk((await mail(longest_octets=500)).ports["lmtp"], b"LHLO carl.example\r\n") as talk:
        await talk.address(ALICE, "bob@mail.example")
        assert (await talk.say(b"y" * 600 + b"\r\n.\r\n")).startswith("552")
        assert (await talk.reply()).startswith("552")
        assert (await talk.say(b"NOOP\r\n")).startswith("250")


async def test_a_mail_of_exactly_the_limit_is_taken(mail: Mail, recorder: Recorder) -> None:
    async with Talk((await mail(longest_octets=1000)).ports["smtp"]) as talk:
        await talk.address(ALICE)
        assert (await talk.say(b"z" * 998 + b"\r\n.\r\n")).startswith("250")
    assert len(recorder.kept[0].raw) == 1000


async def test_a_line_of_any_length_is_kept_whole(mail: Mail, recorder: Recorder) -> None:
    raw = RAW + b"x" * 50_000 + b"\r\n" + b"." * 3000 + b"\r\n"
    async with Talk((await mail()).ports["smtp"]) as talk:
        await talk.address(ALICE)
        assert (await talk.say(RAW + b"x" * 50_000 + b"\r\n." + b"." * 3000 + b"\r\n.\r\n")).startswith("250")
    assert recorder.kept[0].raw == raw


@pytest.mark.parametrize(
    "mark",
    [
        b"\n.\n",
        b"\n.\r\n",
        b"\r\n.\n",
        b"\r.\r",
        b"\r\n.\r",
        b"\r.\r\n",
        b"\n.\r",
        b"\r\r\n.\r\r\n",
        b"\0\r\n.\0\r\n",
    ],
)
async def test_no_second_mail_is_smuggled_in_by_a_false_end_mark(
    mail: Mail, recorder: Recorder, mark: bytes
) -> None:
    smuggled = b"MAIL FROM:<mallory@evil.example>\r\nRCPT TO:<" + ALICE.encode() + b">\r\nDATA\r\nforged\r\n"
    async with Talk((await mail()).ports["smtp"]) as talk:
        await talk.address(ALICE)
        assert (await talk.say(RAW + b"text" + mark + smuggled + b".\r\n")).startswith("250")
        assert (await talk.say(b"NOOP\r\n")).startswith("250")
    assert [inbound.sender for inbound in recorder.kept] == ["carl@shop.example"]
    assert recorder.kept[0].raw.endswith(b"forged\r\n")


@pytest.mark.parametrize(
    ("command", "answer"),
    [
        (b"", "500"),
        (b"NONSENSE", "500"),
        (b"\xff\xfe\x00", "500"),
        (b"x" * 5000, "500"),
        (b"MAIL", "501"),
        (b"MAIL FROM:", "553"),
        (b"MAIL FROM:<", "553"),
        (b"MAIL FROM:<<>>", "501"),
        (b"MAIL FROM:<a@b", "553"),
        (b"MAIL FROM:<a\0b@c.example>", "553"),
        (b"MAIL FROM:<\xff@c.example>", "553"),
        (b"MAIL FROM:<a@b.example> SIZE=x", "501"),
        (b"MAIL FROM:<a@b.example> NOSUCH=1", "555"),
        (b"MAIL FROM:<a@b.example> BODY=BINARYMIME", "501"),
        (b"RCPT TO:<alice@mail.example>", "503"),
        (b"DATA", "503"),
        (b"BDAT 10", "500"),
        (b"AUTH PLAIN AGEAYg==", "5"),
        (b"VRFY alice", "502"),
        (b"EXPN all", "502"),
        (b"STARTTLS", "454"),
        (b"LHLO x", "500"),
    ],
)
async def test_a_bad_command_is_refused_and_the_next_one_is_heard(
    mail: Mail, command: bytes, answer: str
) -> None:
    async with Talk((await mail()).ports["smtp"]) as talk:
        assert (await talk.say(command + b"\r\n")).startswith(answer)
        assert (await talk.say(b"NOOP\r\n")).startswith("250")


@pytest.mark.parametrize(
    "recipient",
    [
        b"<>",
        b"<alice>",
        b"<a b@mail.example>",
        b"<alice\0@mail.example>",
        b"<\xff@mail.example>",
        b"<@>",
        b"alice",
        b'<"@x>',
    ],
)
async def test_a_malformed_recipient_is_refused_and_never_asked_for(
    mail: Mail, recorder: Recorder, recipient: bytes
) -> None:
    async with Talk((await mail()).ports["smtp"]) as talk:
        await talk.say(b"MAIL FROM:<carl@shop.example>\r\n")
        assert (await talk.say(b"RCPT TO:" + recipient + b"\r\n")).startswith("553")
    assert recorder.asked == []


async def test_commands_out_of_turn_are_refused(mail: Mail) -> None:
    async with Talk((await mail()).ports["smtp"], greet=b"") as talk:
        assert (await talk.say(b"MAIL FROM:<carl@shop.example>\r\n")).startswith("503")
        assert (await talk.say(b"DATA\r\n")).startswith("503")


async def test_beyond_the_limit_of_recipients_the_rest_comes_later(mail: Mail) -> None:
    async with Talk((await mail()).ports["smtp"]) as talk:
        replies = await talk.address(*[ALICE] * 101)
        assert {reply[:3] for reply in replies[:101]} == {"250"}
        assert replies[101].startswith("452")


async def test_a_connection_beyond_the_limit_is_told_to_come_later(
    mail: Mail, eventually: Eventually
) -> None:
    port = (await mail(most_connections=2)).ports["smtp"]
    async with Talk(port), Talk(port), Talk(port, greet=b"") as third:
        assert third.banner.startswith("421 4.3.2")
        assert await third.reply() == ""
    for _ in range(50):  # a closed connection makes room again
        async with Talk(port, greet=b"") as again:
            if again.banner.startswith("220"):
                return
        await asyncio.sleep(0.02)
    raise AssertionError("the door stayed full")


async def test_a_silent_connection_is_closed(mail: Mail) -> None:
    async with Talk((await mail(idle_seconds=0.2)).ports["smtp"]) as talk:
        assert await talk.reply() == ""


async def test_a_client_that_leaves_in_the_middle_leaves_nothing(
    mail: Mail, recorder: Recorder, eventually: Eventually
) -> None:
    listeners = await mail()
    async with Talk(listeners.ports["smtp"]) as talk:
        await talk.address(ALICE)
        talk.writer.write(RAW)
    async with Talk(listeners.ports["smtp"]) as talk:
        await talk.address(ALICE)
        assert (await talk.say(b"second\r\n.\r\n")).startswith("250")
    assert [inbound.raw for inbound in recorder.kept] == [b"second\r\n"]


async def test_a_line_without_end_is_not_collected(mail: Mail, recorder: Recorder) -> None:
    async with Talk((await mail(longest_octets=10_000)).ports["smtp"]) as talk:
        await talk.address(ALICE)
        tracemalloc.start()
        for _ in range(200):
            talk.writer.write(b"x" * 50_000)
            await talk.writer.drain()
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        assert (await talk.say(b"\r\n.\r\n")).startswith("552")
    assert peak < 2_000_000


async def test_a_client_that_breaks_the_connection_is_no_fault_in_the_log(
    mail: Mail, recorder: Recorder, eventually: Eventually, caplog: pytest.LogCaptureFixture
) -> None:
    listeners = await mail()
    recorder.fault = ValueError("482913")
    for octets in (b"", b"MAIL FROM:<carl@shop.example>\r\n", RAW, RAW + b".\r\n"):
        async with Talk(listeners.ports["smtp"]) as talk:
            await talk.address(ALICE)
            talk.writer.write(octets)
            await asyncio.sleep(0.02)
            talk.writer.transport.abort()
    await eventually(lambda: recorder.calls == 1)
    await asyncio.sleep(0.05)
    gc.collect()
    assert caplog.text == ""


@settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(octets=st.binary(max_size=300))
async def test_whatever_octets_come_the_door_is_open_afterwards(
    mail: Mail, recorder: Recorder, octets: bytes
) -> None:
    listeners = await mail()
    async with Talk(listeners.ports["smtp"]) as talk:
        talk.writer.write(octets + b"\r\n")
    async with Talk(listeners.ports["smtp"]) as talk:
        await talk.address(ALICE)
        talk.writer.write(octets)
    async with Talk(listeners.ports["smtp"]) as talk:
        assert (await talk.say(b"NOOP\r\n")).startswith("250")
    assert recorder.kept == []


async def test_the_log_names_the_fault_and_holds_neither_address_nor_text(
    mail: Mail, recorder: Recorder
) -> None:
    listeners = await mail()
    with structlog.testing.capture_logs() as lines:
        async with Talk(listeners.ports["smtp"]) as talk:
            await talk.say(b"MAIL FROM:<carl@shop.example>\r\n")
            await talk.say(b"RCPT TO:<mallory@mail.example>\r\n")
            await talk.say(b"RCPT TO:<" + ALICE.encode() + b">\r\n")
            await talk.say(b"DATA\r\n")
            recorder.fault = ValueError("482913")
            await talk.say(RAW + b".\r\n")
    assert {line["event"] for line in lines} == {"smtp.refused", "carriers.not_kept"}
    assert not any(word in str(lines) for word in ("482913", "mallory", "alice"))
