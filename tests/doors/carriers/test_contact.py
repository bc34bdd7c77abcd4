"""The mail door takes mail for the contact address: larger, stored by the contact mailbox, and acknowledged after that."""

from collections.abc import Awaitable, Callable, Iterator

import pytest

from activkode.doors.carriers.handover import Handover
from activkode.doors.carriers.smtp.listeners import Listeners
from doors.carriers.recorder import Recorder
from doors.carriers.talk import Talk

pytestmark = pytest.mark.anyio

Mail = Callable[..., Awaitable[Listeners]]
CONTACT = "contact@activkode.example"
RAW = b"From: alice@people.example\r\nSubject: Balance withdrawal\r\n\r\nhello\r\n"
END = b".\r\n"


@pytest.fixture
def box() -> Recorder:
    """In place of the contact mailbox."""
    return Recorder()


@pytest.fixture
def contact(box: Recorder) -> Iterator[Handover]:
    made = Handover(box.receive, box.settle, box.known_address, threads=2)
    yield made
    box.gate.set()
    assert made.close(within_seconds=5)


@pytest.fixture
def opened(mail: Mail, contact: Handover) -> Callable[[], Awaitable[Listeners]]:
    return lambda: mail(contact, contact=CONTACT, contact_octets=1_000_000)


@pytest.fixture
async def mail(handover: Handover) -> object:
    """The listeners with a contact address."""
    from activkode.doors.carriers.settings import Mail as Settings

    started: list[Listeners] = []

    async def start(taking: Handover | None, **options: object) -> Listeners:
        plain = {"host": "127.0.0.1", "smtp_port": 0, "lmtp_port": 0, "longest_octets": 10_000}
        limits = {"most_connections": 10, "idle_seconds": 20}
        listeners = Listeners(Settings(**plain | limits | options), handover, taking)
        await listeners.start()
        started.append(listeners)
        return listeners

    yield start
    for listeners in started:
        await listeners.stop(within_seconds=5)


async def test_it_is_stored_with_the_host_that_brought_it(opened, box: Recorder, recorder: Recorder) -> None:
    async with Talk((await opened()).ports["smtp"]) as talk:
        await talk.address(CONTACT, sender="alice@people.example")
        assert (await talk.say(RAW + END)).startswith("250")

    [kept] = box.kept
    assert (kept.carrier, kept.peer, kept.sender, kept.recipient) == (
        "smtp",
        "127.0.0.1",
        "alice@people.example",
        CONTACT,
    )
    assert (kept.raw, bool(kept.helo), recorder.kept) == (RAW, True, [])


async def test_by_lmtp_the_host_is_not_known(opened, box: Recorder) -> None:
    async with Talk((await opened()).ports["lmtp"], b"LHLO mx.example\r\n") as talk:
        await talk.address(CONTACT)
        assert (await talk.say(RAW + END)).startswith("250")

    assert box.kept[0].peer == ""


@pytest.mark.parametrize(
    "to", ["Contact+case_12@ActivKode.example", '"contact"@activkode.example', CONTACT.upper()]
)
async def test_every_spelling_and_a_cases_tag_is_taken(opened, box: Recorder, to: str) -> None:
    async with Talk((await opened()).ports["smtp"]) as talk:
        await talk.address(to)
        assert (await talk.say(RAW + END)).startswith("250")

    assert box.kept[0].recipient in (CONTACT, "contact+case_12@activkode.example")


async def test_it_may_be_larger_than_a_mail_with_a_code(opened, box: Recorder, recorder: Recorder) -> None:
    recorder.addresses.add("alice@mail.example")
    large = RAW + b"x" * 50_000 + b"\r\n"
    async with Talk((await opened()).ports["smtp"]) as talk:
        await talk.address(CONTACT)
        assert (await talk.say(large + END)).startswith("250")
        await talk.address(CONTACT, "alice@mail.example")
        assert (await talk.say(large + END)).startswith("552")
        await talk.address(CONTACT)
        assert (await talk.say(RAW + b"x" * 1_000_000 + b"\r\n" + END)).startswith("552")

    assert len(box.kept) == 1


async def test_while_the_database_is_away_it_is_to_come_again(opened, box: Recorder) -> None:
    async with Talk((await opened()).ports["smtp"]) as talk:
        box.is_away = True
        await talk.address(CONTACT)
        assert (await talk.say(RAW + END)).startswith("451 4.3.0")
        box.is_away = False
        await talk.address(CONTACT)
        assert (await talk.say(RAW + END)).startswith("250")

    assert len(box.kept) == 1


async def test_a_bounce_has_no_sender(opened, box: Recorder) -> None:
    async with Talk((await opened()).ports["smtp"]) as talk:
        await talk.address(CONTACT, sender="")
        assert (await talk.say(RAW + END)).startswith("250")

    assert box.kept[0].sender == ""


async def test_without_a_contact_mailbox_the_address_is_unknown(mail: Mail) -> None:
    listeners = await mail(None, contact=CONTACT, contact_octets=1_000_000)
    async with Talk(listeners.ports["smtp"]) as talk:
        assert (await talk.address(CONTACT))[1].startswith("550")
