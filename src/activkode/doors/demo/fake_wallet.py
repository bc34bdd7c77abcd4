"""The fake wallet: pays an amount to an address on one of the fake chains, asked by HTTP on loopback. For the demo alone."""

import json
import threading
from collections.abc import Callable
from decimal import Decimal, InvalidOperation
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from activkode.doors.demo.dev_node import DevNode
from activkode.doors.demo.fake_bitcoin.chain import FakeBitcoin
from activkode.doors.demo.fake_evm.node import FakeEvm
from activkode.funding.chains.base import Away, Unusable
from activkode.funding.chains.tron import key_of
from activkode.funding.policy import BY_ASSET, Asset

_MOST_BYTES = 2_000


class FakeWallet:
    """POST {"asset", "address", "amount"} gives {"tx"}; the amount is in whole coins."""

    def __init__(self, bitcoin: FakeBitcoin, ethereum: FakeEvm | DevNode, tron: FakeEvm, usdt: str) -> None:
        self._pay: dict[Asset, Callable[[str, int], str]] = {
            Asset.BTC: bitcoin.pay,
            Asset.ETH: ethereum.pay,
            Asset.USDT_TRC20: lambda address, amount: tron.pay_token(usdt, key_of(address), amount),
        }

    def start(self, port: int) -> None:
        """Listens on loopback. Raises OSError where the port cannot be had."""
        self._server = ThreadingHTTPServer(("127.0.0.1", port), _handler(self))
        self._server.daemon_threads = True
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()

    def stop(self) -> None:
        """Answers no more."""
        self._server.shutdown()
        self._server.server_close()

    def pay(self, asked: Any) -> str:
        """The transaction. Raises ValueError where that is no payment."""
        try:
            asset, address, amount = Asset(asked["asset"]), str(asked["address"]), Decimal(asked["amount"])
        except (KeyError, TypeError, InvalidOperation) as error:
            raise ValueError("a payment has asset, address and amount") from error
        units = amount.scaleb(BY_ASSET[asset].decimals)
        if not units.is_finite() or units <= 0 or units != units.to_integral_value():
            raise ValueError(f"{amount} is no amount of {asset}")
        return str(self._pay[asset](address, int(units)))


def _handler(wallet: FakeWallet) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            length = min(int(self.headers.get("Content-Length") or 0), _MOST_BYTES)
            try:
                status, told = 200, {"tx": wallet.pay(json.loads(self.rfile.read(length)))}
            except (ValueError, AssertionError, Away, Unusable) as error:
                status, told = 422, {"error": str(error)}
            body = json.dumps(told).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Says nothing."""

    return Handler
