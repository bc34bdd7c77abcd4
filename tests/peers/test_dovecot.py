"""A mailbox that stands elsewhere: a real Dovecot over TLS, from which the clock fetches each mail once and changes nothing."""

import os
import pwd
import socket
import subprocess
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from activkode.core import sql
from activkode.doors.clock import imap
from activkode.doors.up import ports
from activkode.mailbox import read

pytestmark = [pytest.mark.peers, pytest.mark.needs("dovecot"), pytest.mark.django_db]

CONF = """
protocols = imap
listen = 127.0.0.1
base_dir = {at}/run
log_path = {at}/log
ssl = required
ssl_cert = <{at}/cert.pem
ssl_key = <{at}/key.pem
mail_location = maildir:{at}/Maildir
default_internal_user = {user}
default_login_user = {user}
default_internal_group = {group}
first_valid_uid = 1
passdb {{
  driver = static
  args = password=secret
}}
userdb {{
  driver = static
  args = uid={user} gid={group} home={at}
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    port = 0
  }}
  inet_listener imaps {{
    port = {port}
  }}
}}
service anvil {{
  chroot =
}}
service stats {{
  chroot =
}}
"""


def certificate(at: Path) -> None:
    """A certificate for localhost that vouches for itself."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "localhost")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
        .serial_number(1).not_valid_before(now - timedelta(1)).not_valid_after(now + timedelta(2))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), False)
        .add_extension(x509.BasicConstraints(True, None), True).sign(key, hashes.SHA256())
    )  # fmt: skip
    (at / "cert.pem").write_bytes(made.public_bytes(Encoding.PEM))
    (at / "key.pem").write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))


@pytest.fixture
def maildir(tmp_path_factory: pytest.TempPathFactory, settings: Any) -> Iterator[Path]:
    """Dovecot on a free port, and its mail folder; the settings name it."""
    user = "nobody" if os.geteuid() == 0 else pwd.getpwuid(os.geteuid()).pw_name
    at = Path(f"/tmp/dovecot-{os.getpid()}")  # a socket's path is short
    for folder in ("", "run", "Maildir", "Maildir/new", "Maildir/cur", "Maildir/tmp"):
        (at / folder).mkdir(exist_ok=True)
    certificate(at)
    (at / "password").write_text("secret\n")
    port = ports.free()
    group = "nogroup" if user == "nobody" else user
    (at / "conf").write_text(CONF.format(at=at, user=user, group=group, port=port))
    subprocess.run(["chown", "-R", f"{user}:{group}", str(at)], check=True)
    running = subprocess.Popen(["/usr/sbin/dovecot", "-F", "-c", str(at / "conf")], stderr=subprocess.PIPE)
    until = time.monotonic() + 20
    while time.monotonic() < until and not listening(port):
        time.sleep(0.1)
    settings.IMAP = {
        "host": "localhost", "port": port, "user": "contact", "password_file": str(at / "password"), "ca_file": str(at / "cert.pem"),
    }  # fmt: skip
    yield at / "Maildir"
    running.terminate()
    running.wait(20)
    assert running.stderr is not None
    running.stderr.close()
    subprocess.run(["rm", "-r", str(at)], check=True)


def listening(port: int) -> bool:
    with socket.socket() as asking:
        return asking.connect_ex(("127.0.0.1", port)) == 0


def put(maildir: Path, name: str, subject: str) -> None:
    (maildir / "new" / name).write_bytes(f"From: a@b.example\r\nSubject: {subject}\r\n\r\nhello\r\n".encode())


def stored() -> int:
    found: int = sql.value("select count(*) from mailbox_mail where carrier = 'imap'")
    return found


def test_each_mail_is_stored_once_and_stays_as_it_was(maildir: Path) -> None:
    put(maildir, "1.a", "one")
    put(maildir, "2.a", "two")

    assert imap.fetch() is False
    assert stored() == 2
    put(maildir, "3.a", "three")
    imap.fetch()
    imap.fetch()

    assert stored() == 3
    assert not any(":2,S" in path.name for path in maildir.rglob("*"))
    assert b"Subject: one" in read.original(sql.value("select min(id) from mailbox_mail"))


def test_a_mailbox_that_was_made_anew_stores_nothing_twice(maildir: Path) -> None:
    put(maildir, "1.a", "one")
    imap.fetch()
    sql.value("select fn.mail_fetched('other', 1, 1)")
    for path in maildir.glob("dovecot*"):
        path.unlink()

    imap.fetch()

    assert stored() == 1


def test_a_wrong_certificate_fetches_nothing(maildir: Path, settings: Any) -> None:
    put(maildir, "1.a", "one")
    settings.IMAP |= {"host": "127.0.0.1"}

    assert imap.fetch() is False
    assert stored() == 0


def test_a_wrong_password_fetches_nothing(maildir: Path, settings: Any) -> None:
    Path(settings.IMAP["password_file"]).write_text("wrong")

    assert (imap.fetch(), stored()) == (False, 0)
