"""The client's end of JSON-RPC, without a node: what it takes, and what it makes of everything else."""

import itertools
from collections.abc import Callable, Iterator

import httpx
import msgspec
import pytest

from activkode.funding.chains import bitcoin_rpc
from activkode.funding.chains.base import Away, Unusable
from activkode.funding.chains.bitcoin_json import NUMBER, TRANSACTIONS
from activkode.funding.chains.bitcoin_rpc import Rpc

Answering = Callable[..., Rpc]


@pytest.fixture
def answering() -> Iterator[Answering]:
    """A client to whom everything is answered with that."""
    made = []

    def make(content: bytes | Iterator[bytes], status: int = 200, **headers: str) -> Rpc:
        parts = iter([content]) if isinstance(content, bytes) else content
        reply = httpx.MockTransport(lambda _: httpx.Response(status, content=parts, headers=headers))
        made.append(Rpc("http://name:word@node.example:8332/wallet", reply))
        return made[-1]

    yield make
    for rpc in made:
        rpc.close()


def test_it_asks_as_core_is_asked() -> None:
    asked: list[httpx.Request] = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(request)
        return httpx.Response(200, content=iter([b'{"result":7,"error":null,"id":1}']))

    rpc = Rpc("http://na%40me:wo%2Frd@node.example:8332/", httpx.MockTransport(answer))
    assert rpc.call(NUMBER, "getblockcount", "a", True) == 7
    rpc.close()
    (request,) = asked
    assert msgspec.json.decode(request.content) == {
        "jsonrpc": "1.0",
        "id": 1,
        "method": "getblockcount",
        "params": ["a", True],
    }
    assert str(request.url) == "http://node.example:8332/"
    assert httpx.BasicAuth("na@me", "wo/rd")._auth_header == request.headers["authorization"]


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"null",
        b"[]",
        b"7",
        b"<html>",
        b'{"result":null,"error":null,"id":1}',
        b'{"result":7,"error":null,"id":2}',
        b'{"result":7,"error":null}',
        b'{"result":NaN,"error":null,"id":1}',
        b'{"result":7.5,"error":null,"id":1}',
        b'{"result":"7","error":null,"id":1}',
        b'{"result":7,"error":"bad","id":1}',
        b'{"result":7,"error":null,"id":1}}',
        b'{"result":7,"error":null,"id":1',
        b'{"result":"\xff","error":null,"id":1}',
        b"[" * 100_000,
        b'{"result":' + b"[" * 100_000,
    ],
)
def test_an_answer_that_is_none_is_unusable(answering: Answering, content: bytes) -> None:
    with pytest.raises(Unusable, match=r"^getblockcount: ") as told:
        answering(content).call(NUMBER, "getblockcount")
    assert len(str(told.value)) < 300


@pytest.mark.parametrize(
    ("status", "content", "told"),
    [
        (500, b'{"result":null,"error":{"code":-28,"message":"Loading"},"id":1}', "Loading (-28)"),
        (200, b'{"result":null,"error":{"code":-8,"message":"Range"},"id":1}', "Range (-8)"),
        (404, b'{"result":null,"error":{"code":-32601,"message":"Method not found"},"id":1}', "not found"),
        (503, b"Work queue depth exceeded", "HTTP 503"),
        (502, b"<html>", "HTTP 502"),
        (500, b'{"error": "words"}', "HTTP 500"),
        (401, b"", "refuses our name and password"),
        (403, b"", "refuses our name and password"),
        (302, b"", "HTTP 302"),
        (204, b"", "HTTP 204"),
        (500, b'{"error":{"code":1,"message":"' + b"x" * 5000 + b'"}}', "xxx"),
    ],
)
def test_a_node_that_cannot_is_away(answering: Answering, status: int, content: bytes, told: str) -> None:
    with pytest.raises(Away) as away:
        answering(content, status, location="http://elsewhere.example/").call(NUMBER, "getblockcount")
    assert told in str(away.value)
    assert len(str(away.value)) < 300
    assert "word@" not in str(away.value)


@pytest.mark.parametrize(
    "error", [httpx.ConnectError("no"), httpx.ReadTimeout("slow"), httpx.RemoteProtocolError("cut")]
)
def test_a_connection_that_fails_is_away(error: httpx.HTTPError) -> None:
    def fail(request: httpx.Request) -> httpx.Response:
        raise error

    rpc = Rpc("http://node.example", httpx.MockTransport(fail))
    with pytest.raises(Away, match=type(error).__name__):
        rpc.call(NUMBER, "getblockcount")
    rpc.close()


def test_an_endless_answer_is_cut_off(answering: Answering, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bitcoin_rpc, "LARGEST_ANSWER_BYTES", 10_000)
    with pytest.raises(Unusable, match="more than 10000 bytes"):
        answering(itertools.repeat(b" " * 1000)).call(NUMBER, "getblockcount")


def test_an_answer_that_trickles_for_ever_is_cut_off(
    answering: Answering, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bitcoin_rpc, "_WHOLE_SECONDS", -1)
    with pytest.raises(Away, match="not answered within"):
        answering(itertools.repeat(b" ")).call(NUMBER, "getblockcount")


_ONE = b'{"result":{"txid":"a","vin":[],"vout":[],"hex":"00"},"error":null,"id":%d}'
_NONE = b'{"result":null,"error":{"code":-5,"message":"gone"},"id":%d}'


def test_a_batch_is_answered_in_any_order_and_says_what_is_gone(answering: Answering) -> None:
    rpc = answering(b"[" + _NONE % 2 + b"," + _ONE % 1 + b"]")
    first, second = rpc.batch(TRANSACTIONS, "getrawtransaction", [("a", True), ("b", True)])
    assert (first.txid if first else None, second) == ("a", None)


@pytest.mark.parametrize(
    "content",
    [
        b"[]",
        b"{}",
        b"[" + _ONE % 1 + b"]",
        b"[" + _ONE % 1 + b"," + _ONE % 1 + b"]",
        b"[" + _ONE % 1 + b"," + _ONE % 3 + b"]",
    ],
)
def test_a_batch_that_is_not_answered_whole_is_unusable(answering: Answering, content: bytes) -> None:
    with pytest.raises(Unusable):
        answering(content).batch(TRANSACTIONS, "getrawtransaction", [("a", True), ("b", True)])
