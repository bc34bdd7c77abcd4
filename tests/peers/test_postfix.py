"""The mail of POLICY 1.4 through a real Postfix: swaks submits it, Postfix relays it to our door, it is signed by a domain of
the test's own DNS, and leads to a request.
"""

import asyncio
import os
import shutil
import subprocess
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from django.db import connection

from activkode.doors.carriers.handover import Handover
from activkode.doors.carriers.settings import Mail
from activkode.doors.carriers.smtp.listeners import Listeners
from activkode.mailbox import incoming, operations, read, resolver
from activkode.mailbox.incoming import Incoming
from activkode.mailbox.policy import Fate
from activkode.withdrawals import read as withdrawals
from cast import fund, person
from contact import letters, zone
from doors.carriers.recorder import Recorder, free_port, until

pytestmark = [
    pytest.mark.anyio,
    pytest.mark.peers,
    pytest.mark.needs("postfix", "swaks"),
    pytest.mark.skipif(os.geteuid() != 0, reason="Postfix changes users"),
    pytest.mark.django_db(transaction=True),
]

MAIN = """
compatibility_level = 3.6
queue_directory = {at}/queue
data_directory = {at}/data
maillog_file = {at}/log
maillog_file_prefixes = {at}
mail_owner = postfix
setgid_group = postdrop
myhostname = mx.relay.example
mydestination =
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
mynetworks = 127.0.0.0/8
alias_maps =
local_recipient_maps =
transport_maps = inline:{{activkode.example=smtp:[127.0.0.1]:{port}}}
smtpd_relay_restrictions = permit_mynetworks, reject
smtp_tls_security_level = none
disable_dns_lookups = yes
"""
MASTER = """
127.0.0.1:{port} inet n - n - - smtpd
pickup unix n - n 60 1 pickup
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
smtp unix - - n - - smtp
relay unix - - n - - smtp
error unix - - n - - error
retry unix - - n - - error
anvil unix - - n - 1 anvil
postlog unix-dgram n - n - 1 postlogd
"""


@pytest.fixture
def box() -> Recorder:
    return Recorder()


@pytest.fixture
async def door(box: Recorder) -> AsyncIterator[int]:
    """Our door, with a recorder behind it: the database is the test's own transaction."""
    nobody = Recorder()
    handovers = [Handover(each.receive, each.settle, each.known_address, threads=2) for each in (nobody, box)]
    listeners = Listeners(Mail("127.0.0.1", 0, None, 100_000, 10, 20, letters.CONTACT, 1_000_000), *handovers)
    await listeners.start()
    yield listeners.ports["smtp"]
    await listeners.stop(within_seconds=5)
    assert all([each.close(within_seconds=5) for each in handovers])


@pytest.fixture
async def relay(door: int, tmp_path: Path) -> AsyncIterator[int]:
    """Postfix on a free port, which hands everything for activkode.example to our door."""
    at, port = Path(f"/tmp/postfix-{os.getpid()}"), free_port()
    (at / "conf").mkdir(parents=True)
    for folder in ("queue", "data"):
        (at / folder).mkdir()
    shutil.chown(at / "data", "postfix")
    (at / "conf/main.cf").write_text(MAIN.format(at=at, port=door))
    (at / "conf/master.cf").write_text(MASTER.format(port=port))
    postfix = ["/usr/sbin/postfix", "-c", str(at / "conf")]
    started = await asyncio.to_thread(subprocess.run, [*postfix, "start"], capture_output=True, timeout=60)
    assert started.returncode == 0, started.stderr
    yield port
    await asyncio.to_thread(subprocess.run, [*postfix, "stop"], capture_output=True, timeout=60)
    print((at / "log").read_text() if (at / "log").exists() else "no log")  # seen where the test fails
    shutil.rmtree(at)


async def swaks(port: int, raw: bytes, tmp_path: Path) -> tuple[int, str]:
    """Submits a mail as it stands."""
    (tmp_path / "mail.eml").write_bytes(raw.replace(b"\r\n", b"\n"))
    process = await asyncio.create_subprocess_exec(
        "swaks", "--server", "127.0.0.1", "--port", str(port), "--from", "alice@people.example", "--to", letters.CONTACT,
        "--data", f"@{tmp_path / 'mail.eml'}", stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT,
    )  # fmt: skip
    output, _ = await asyncio.wait_for(process.communicate(), 60)
    assert process.returncode is not None
    return process.returncode, output.decode()


@pytest.mark.parametrize(("text", "fate"), [("", Fate.WITHDRAWAL), ("% sign -\n", Fate.UNVERIFIED)])
async def test_the_mail_of_the_policy_comes_through_a_real_mail_server(
    relay: int, box: Recorder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str, fate: Fate
) -> None:
    monkeypatch.setattr(resolver, "ask", zone.dns)
    mail = letters.letter_of(text + "Subject: Balance withdrawal\n\n{btc}\n").raw()

    status, transcript = await swaks(relay, mail, tmp_path)
    assert status == 0, transcript
    await until(lambda: box.kept, within_seconds=30)

    [kept] = box.kept
    assert isinstance(kept, Incoming)
    assert b"by mx.relay.example (Postfix)" in kept.raw
    assert await asyncio.to_thread(_settled, kept) == fate


def _settled(mail: Incoming) -> Fate:
    alice = person("alice")
    fund(alice, "100.00")
    mail_id = incoming.receive(mail)
    operations.settle(mail_id)
    assert (withdrawals.open_one(alice.id) is not None) == (read.one(mail_id).fate == Fate.WITHDRAWAL)
    became = read.one(mail_id).fate
    connection.close()  # this thread's own
    return became
