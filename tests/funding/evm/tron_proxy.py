"""Stands before a node of Ethereum and imposes on it what java-tron's JSON-RPC does not do. There is no TRON node in the
registries: this, and not TRON, is what the TRON watcher is tested against.
"""

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self

import httpx

RANGE_BLOCKS = 5_000
RESULTS = 10_000
METHODS = {
    "eth_chainId",
    "eth_blockNumber",
    "eth_getBlockByNumber",
    "eth_getBlockByHash",
    "eth_getLogs",
    "eth_getTransactionByHash",
    "eth_getTransactionReceipt",
    "eth_getBalance",
    "eth_call",
    "net_version",
    "web3_clientVersion",
}
TAGS = {"latest", "earliest", "finalized"}
ONLY_LATEST = {"eth_getBalance": 1, "eth_call": 1}


class Declined(Exception):
    """What java-tron would not do."""


class TronProxy:
    """In front of `upstream`. Off until `enable`, as java-tron's JSON-RPC is unless its configuration says otherwise."""

    def __init__(self, upstream: str) -> None:
        self._upstream = upstream
        self._http = httpx.Client(timeout=20, trust_env=False)
        self._server = _Server(self)
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        self.is_enabled = False
        self.most_results = RESULTS
        self.refused: list[str] = []

    def __enter__(self) -> Self:
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._http.close()

    def enable(self) -> Self:
        """node.jsonrpc.httpFullNodeEnable = true."""
        self.is_enabled = True
        return self

    def answer(self, asked: Any) -> Any:
        """The node's answer, within java-tron's limits."""
        number = asked.get("id") if isinstance(asked, dict) else None
        try:
            _check(asked)
            said = self._http.post(self._upstream, json=asked).json()
            if "result" in said:
                said["result"] = self._limited(asked["method"], said["result"])
            return said
        except Declined as declined:
            self.refused.append(str(declined))
            return {"jsonrpc": "2.0", "id": number, "error": {"code": -32602, "message": str(declined)}}

    def _limited(self, method: str, result: Any) -> Any:
        if method == "eth_getLogs" and len(result) > self.most_results:
            raise Declined(f"query returned more than {self.most_results} results")
        if method == "eth_getBlockByNumber" and result:
            nothing = {"nonce": "0x0000000000000000", "type": "0x0"}
            transactions = [one | nothing if isinstance(one, dict) else one for one in result["transactions"]]
            return result | {"logsBloom": "0x" + "00" * 256, "transactions": transactions}
        return result


def _check(asked: Any) -> None:
    if isinstance(asked, list):
        raise Declined("batches are not tested against java-tron, and not sent")
    method, params = asked["method"], asked["params"]
    if method not in METHODS:
        raise Declined(f"the method {method} does not exist/is not available")
    if method == "eth_getBlockByNumber":
        _check_place(params[0])
    if method in ONLY_LATEST and params[ONLY_LATEST[method]] != "latest":
        raise Declined("QUANTITY not supported, just support TAG as latest")
    if method == "eth_call" and not params[0].get("from"):
        raise Declined("invalid address: from")
    if method == "eth_getLogs":
        _check_filter(params[0])


def _check_place(place: str) -> None:
    if not place.startswith("0x") and place not in TAGS:
        raise Declined(f"TAG {place} not supported")


def _check_filter(wanted: dict[str, Any]) -> None:
    addresses = wanted.get("address") or []
    for address in [addresses] if isinstance(addresses, str) else addresses:
        if len(address) != 2 + 40:
            raise Declined("invalid address: 20 bytes are wanted")
    if "blockHash" in wanted:
        return
    for place in (wanted["fromBlock"], wanted["toBlock"]):
        _check_place(place)
    if int(wanted["toBlock"], 16) - int(wanted["fromBlock"], 16) > RANGE_BLOCKS:
        raise Declined(f"exceed max block range: {RANGE_BLOCKS}")


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, proxy: TronProxy) -> None:
        super().__init__(("127.0.0.1", 0), _Request)
        self.proxy = proxy


class _Request(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    wbufsize = -1

    def do_POST(self) -> None:
        assert isinstance(self.server, _Server)
        proxy = self.server.proxy
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        answer = json.dumps(proxy.answer(json.loads(body))).encode() if proxy.is_enabled else b""
        self.send_response(200 if proxy.is_enabled else 404)
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, *_: object) -> None:
        """Says nothing."""
