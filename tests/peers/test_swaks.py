"""A mail client that others wrote (swaks) delivers to our SMTP and LMTP doors."""

import asyncio
from collections.abc import Awaitable, Callable

import pytest

from activkode.doors.carriers.smtp.listeners import Listeners
from doors.carriers.recorder import Recorder

pytestmark = [pytest.mark.anyio, pytest.mark.peers, pytest.mark.needs("swaks")]

Mail = Callable[..., Awaitable[Listeners]]
ALICE = "alice@mail.example"
REFUSED_RECIPIENT, REFUSED_DATA = 24, 26  # swaks' exit codes


async def swaks(port: int, *options: str, to: str = ALICE) -> tuple[int, str]:
    """Its exit code and its transcript."""
    process = await asyncio.create_subprocess_exec(
        "swaks", "--server", "127.0.0.1", "--port", str(port), "--from", "shop@shop.example", "--to", to, *options,
        stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT,
    )  # fmt: skip
    output, _ = await asyncio.wait_for(process.communicate(), 30)
    assert process.returncode is not None
    return process.returncode, output.decode()


@pytest.fixture(autouse=True)
def leased(recorder: Recorder) -> None:
    recorder.addresses.add(ALICE)


@pytest.mark.parametrize(("link", "protocol"), [("smtp", "ESMTP"), ("smtp", "SMTP"), ("lmtp", "LMTP")])
async def test_it_delivers_a_mail(mail: Mail, recorder: Recorder, link: str, protocol: str) -> None:
    port = (await mail()).ports[link]
    status, transcript = await swaks(
        port,
        "--protocol",
        protocol,
        "--header",
        "Subject: code",
        "--body",
        "482913",
        to="Alice+x@Mail.example",
    )
    assert status == 0, transcript
    [kept] = recorder.kept
    assert (kept.carrier, kept.recipient, kept.sender) == (link, ALICE, "shop@shop.example")
    assert b"\r\nSubject: code\r\n" in kept.raw
    assert b"\r\n482913\r\n" in kept.raw
    assert kept.source_id


async def test_it_delivers_html_with_an_attachment(mail: Mail, recorder: Recorder) -> None:
    port = (await mail()).ports["smtp"]
    status, transcript = await swaks(
        port,
        "--attach-type",
        "text/html",
        "--attach-body",
        "<p>Код <b>482913</b></p>",
        "--attach",
        "@/etc/hostname",
    )
    assert status == 0, transcript
    assert b"multipart/mixed" in recorder.kept[0].raw


async def test_it_is_refused_where_the_address_is_unknown(mail: Mail, recorder: Recorder) -> None:
    status, transcript = await swaks((await mail()).ports["smtp"], to="nobody@mail.example")
    assert (status, "550 5.1.1" in transcript) == (REFUSED_RECIPIENT, True)
    assert recorder.calls == 0


async def test_it_is_told_to_come_again_while_the_database_is_away(mail: Mail, recorder: Recorder) -> None:
    recorder.refused.add(ALICE)
    status, transcript = await swaks((await mail()).ports["smtp"])
    assert (status, "451 4.3.0" in transcript) == (REFUSED_DATA, True)


async def test_it_is_refused_where_the_mail_is_too_big(mail: Mail, recorder: Recorder) -> None:
    port = (await mail(longest_octets=2000)).ports["smtp"]
    status, transcript = await swaks(port, "--body", "x" * 3000)
    assert (status, "552" in transcript) == (REFUSED_DATA, True)
    assert recorder.calls == 0
