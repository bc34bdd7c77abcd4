"""Postfix, the mail server, and swaks, which submits mails: as a test holds them."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from activkode.doors.up import ports
from contact import letters

MARKS = (
    pytest.mark.peers,
    pytest.mark.needs("postfix", "swaks"),
    # In the words by which the end of a run tells what was skipped.
    pytest.mark.skipif(
        os.geteuid() != 0, reason="needs root, for Postfix changes users; run: the tests as root"
    ),
)
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


@contextmanager
def relaying_to(door: int) -> Iterator[int]:
    """The port of a Postfix that hands everything for activkode.example to our door on that port. Only root can."""
    at, port = Path(f"/tmp/postfix-{os.getpid()}"), ports.free()
    (at / "conf").mkdir(parents=True)
    for folder in ("queue", "data"):
        (at / folder).mkdir()
    shutil.chown(at / "data", "postfix")
    (at / "conf/main.cf").write_text(MAIN.format(at=at, port=door))
    (at / "conf/master.cf").write_text(MASTER.format(port=port))
    postfix = ["/usr/sbin/postfix", "-c", str(at / "conf")]
    started = subprocess.run([*postfix, "start"], capture_output=True, timeout=60, check=False)
    try:
        assert started.returncode == 0, started.stderr
        yield port
    finally:
        subprocess.run([*postfix, "stop"], capture_output=True, timeout=60, check=False)
        print((at / "log").read_text() if (at / "log").exists() else "no log")  # seen where the test fails
        shutil.rmtree(at)


def submit(port: int, raw: bytes, directory: Path) -> None:
    """Submits a mail of Alice's as it stands, by swaks."""
    (directory / "mail.eml").write_bytes(raw.replace(b"\r\n", b"\n"))
    where = ("--server", "127.0.0.1", "--port", str(port))
    who = ("--from", "alice@people.example", "--to", letters.CONTACT)
    ended = subprocess.run(
        ["swaks", *where, *who, "--data", f"@{directory / 'mail.eml'}"],
        capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert ended.returncode == 0, ended.stdout + ended.stderr
