"""The client for addresses that customers give goes to the Internet and nowhere else (FAILURES X10, X12, X13)."""

import asyncio
import datetime
import ipaddress
import socket
import ssl
import time
from collections.abc import Iterator
from ipaddress import ip_network
from pathlib import Path

import httpcore
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from activkode.core.outbound import client as outbound
from activkode.core.outbound.client import KEPT_BYTES, Answer, Client, Unreachable
from activkode.core.outbound.reach import Reach
from activkode.doors.demo.receiver import FakeReceiver, Reply
from core.places import PRIVATE

NAME = "hooks.example.com"
LOOPBACK = Reach((ip_network("127.0.0.0/8"),))


def post(client: Client, url: str, body: bytes = b"{}") -> Answer:
    return asyncio.run(client.post(url, {"Content-Type": "application/json"}, body))


def why(client: Client, url: str) -> str:
    with pytest.raises(Unreachable) as refused:
        post(client, url)
    return str(refused.value)


class Names:
    """A fake server of names, called fake: gives one list of addresses after the other, and counts."""

    def __init__(self, *answers: list[str]) -> None:
        self.answers = list(answers)
        self.asked: list[str] = []

    async def resolve(self, host: str, port: int) -> list[str]:
        self.asked.append(host)
        return self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]


@pytest.fixture
def receiver() -> Iterator[FakeReceiver]:
    running = FakeReceiver()
    yield running
    running.close()


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate for NAME and for 127.0.0.1, with its key; it is its own authority."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "fake")])
    now = datetime.datetime.now(datetime.UTC)
    names = [x509.DNSName(NAME), x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName(names), False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), True)
        .sign(key, hashes.SHA256())
    )
    file = tmp_path_factory.mktemp("tls") / "fake.pem"
    secret = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    file.write_bytes(secret + made.public_bytes(serialization.Encoding.PEM))
    return file


@pytest.fixture
def tls_receiver(certificate: Path) -> Iterator[FakeReceiver]:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    running = FakeReceiver(context)
    yield running
    running.close()


@pytest.fixture
def trusting(certificate: Path) -> ssl.SSLContext:
    return ssl.create_default_context(cafile=str(certificate))


def test_what_is_sent_arrives_and_what_is_answered_comes_back(receiver: FakeReceiver) -> None:
    receiver.reply = Reply(202, {"Content-Length": "2"}, b"ok")

    answer = post(Client(LOOPBACK), receiver.url, b'{"a":1}')

    (received,) = receiver.received
    assert (answer.status, answer.body, received.body, received.path) == (202, b"ok", b'{"a":1}', "/hook")
    assert received.headers["host"] == f"127.0.0.1:{receiver.port}"


def test_the_name_stays_in_tls_and_host_while_the_address_is_the_one_looked_at(
    tls_receiver: FakeReceiver, trusting: ssl.SSLContext
) -> None:
    names = Names(["127.0.0.1"])

    post(Client(LOOPBACK, names.resolve, trusting), f"https://{NAME}:{tls_receiver.port}/hook")

    assert names.asked == [NAME]
    assert tls_receiver.received[0].headers["host"] == f"{NAME}:{tls_receiver.port}"


def test_a_certificate_of_another_name_is_not_accepted(
    tls_receiver: FakeReceiver, trusting: ssl.SSLContext
) -> None:
    client = Client(LOOPBACK, Names(["127.0.0.1"]).resolve, trusting)

    assert why(client, f"https://other.example.com:{tls_receiver.port}/") == "the certificate is not accepted"
    assert tls_receiver.received == []


def test_a_certificate_of_nobody_is_not_accepted(tls_receiver: FakeReceiver) -> None:
    assert (
        why(Client(LOOPBACK), tls_receiver.url.replace("http:", "https:"))
        == "the certificate is not accepted"
    )


def test_a_name_that_flips_between_the_look_and_the_connection_gains_nothing(
    monkeypatch: pytest.MonkeyPatch, receiver: FakeReceiver
) -> None:
    names = Names(["1.1.1.1"], ["127.0.0.1"])
    connected: list[str] = []

    async def connect(_: object, host: str, port: int, *rest: object) -> httpcore.AsyncNetworkStream:
        connected.append(host)
        raise httpcore.ConnectError

    monkeypatch.setattr(httpcore.AnyIOBackend, "connect_tcp", connect)
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: pytest.fail("looked up once more"))

    assert why(Client(Reach(), names.resolve), f"https://{NAME}:{receiver.port}/") == "no connection"
    assert (connected, names.asked) == (["1.1.1.1"], [NAME])
    assert why(Client(Reach(), names.resolve), f"https://{NAME}/").startswith("The name leads")
    assert connected == ["1.1.1.1"]


@pytest.mark.parametrize("address", PRIVATE)
def test_a_name_that_leads_inside_is_refused_before_it_is_connected_to(
    monkeypatch: pytest.MonkeyPatch, address: str
) -> None:
    async def connect(*_: object) -> httpcore.AsyncNetworkStream:
        pytest.fail("connected")

    monkeypatch.setattr(httpcore.AnyIOBackend, "connect_tcp", connect)
    for found in ([address], ["1.1.1.1", address], [address, "1.1.1.1"]):
        client = Client(Reach(), Names(found).resolve)
        assert why(client, "https://127.0.0.1.nip.io/") == "The name leads to an address that is not public."


def test_an_unknown_name_is_said_to_be_unknown() -> None:
    async def resolve(host: str, port: int) -> list[str]:
        raise socket.gaierror(-2, "Name or service not known")

    assert why(Client(Reach(), resolve), f"https://{NAME}/") == "The name is not known."


def test_a_redirect_is_not_followed(receiver: FakeReceiver) -> None:
    other = FakeReceiver()
    receiver.reply = Reply(307, {"Location": other.url, "Content-Length": "0"})

    assert post(Client(LOOPBACK), receiver.url).status == 307
    assert other.received == []
    other.close()


def test_no_cookie_comes_back(receiver: FakeReceiver) -> None:
    client = Client(LOOPBACK)
    receiver.reply = Reply(204, {"Set-Cookie": "a=b"})
    for _ in range(2):
        post(client, receiver.url)

    assert all("cookie" not in received.headers for received in receiver.received)


def test_no_proxy_of_the_environment_is_asked(
    monkeypatch: pytest.MonkeyPatch, receiver: FakeReceiver
) -> None:
    proxy = FakeReceiver()
    for name in ("http_proxy", "https_proxy", "all_proxy", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
        monkeypatch.setenv(name, proxy.url)
    monkeypatch.delenv("no_proxy", raising=False)

    assert post(Client(LOOPBACK), receiver.url).status == 204
    assert proxy.received == []
    proxy.close()


def test_of_an_endless_answer_only_the_beginning_is_kept(receiver: FakeReceiver) -> None:
    receiver.reply = Reply(200, {}, b"x" * (8 * KEPT_BYTES))

    assert len(post(Client(LOOPBACK), receiver.url).body) == KEPT_BYTES


@pytest.mark.parametrize(
    "reply", [Reply(seconds=5), Reply(200, {}, b"x" * 100, drips=True)], ids=["silent", "drips"]
)
def test_a_slow_answer_has_an_end(
    monkeypatch: pytest.MonkeyPatch, receiver: FakeReceiver, reply: Reply
) -> None:
    monkeypatch.setattr(outbound, "TOTAL_SECONDS", 0.5)
    receiver.reply = reply
    began = time.monotonic()

    assert why(Client(LOOPBACK), receiver.url).startswith("no answer within")
    assert time.monotonic() - began < 3


def test_a_slow_server_of_names_has_an_end(monkeypatch: pytest.MonkeyPatch) -> None:
    async def resolve(host: str, port: int) -> list[str]:
        await asyncio.sleep(30)
        return []

    monkeypatch.setattr(outbound, "CONNECT_SECONDS", 0.2)

    assert why(Client(Reach(), resolve), f"https://{NAME}/").startswith("no connection within")


def test_nobody_there_is_said_in_words() -> None:
    gone = FakeReceiver()
    gone.close()

    assert why(Client(LOOPBACK), gone.url) == "no connection"


def test_what_is_not_http_is_said_in_words() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]

        async def talk() -> str:
            async def speak(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
                writer.write(b"220 mail.example ESMTP\r\n")
                await writer.drain()
                writer.close()

            async with await asyncio.start_server(speak, sock=server):
                with pytest.raises(Unreachable) as refused:
                    await Client(LOOPBACK).post(f"http://127.0.0.1:{port}/", {}, b"")
            return str(refused.value)

        assert asyncio.run(talk()) == "what came back is not HTTP"
