"""The demo's fake chains, called fake: a node for each coin (or, for ether, a development node that somebody else runs),
exchanges that quote made-up prices, and a wallet that pays whatever address it is asked to. A restart goes on from
the block that was read last.
"""

import os
import signal
import threading
from urllib.parse import urlsplit

import structlog
from django.conf import settings

from activkode.core import sql
from activkode.doors.demo import chain_settings
from activkode.doors.demo.dev_node import DevNode
from activkode.doors.demo.fake_bitcoin.chain import FakeBitcoin
from activkode.doors.demo.fake_evm.node import FakeEvm
from activkode.doors.demo.fake_rates import FakeRates
from activkode.doors.demo.fake_wallet import FakeWallet
from activkode.doors.demo.faucet import Faucet
from activkode.funding.chains.base import Away, Unusable

log = structlog.get_logger("activkode.demo")

# Quicker than the real ones, so that one can watch.
_BITCOIN_SECONDS, _EVM_SECONDS = 2.0, 1.0
_FINAL_LAGS = {"ethereum": 14, "tron": 5}
_BLOCKS_KEPT = 2_000
_FEE_RATE = 5_000  # satoshis for a thousand virtual bytes


def main() -> None:
    """Runs until SIGTERM or SIGINT. Raises OSError where a port cannot be had, TryLater without a database."""
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    bitcoin = FakeBitcoin(seed=os.urandom(8).hex())
    if known := _known("bitcoin"):
        bitcoin.resume(known)
    bitcoin.rate = _FEE_RATE
    bitcoin.serve(_port("bitcoin"))
    tron = _evm("tron")
    ethereum = DevNode(settings.DEMO_DEV_NODE) if settings.DEMO_DEV_NODE else _evm("ethereum")
    rates = FakeRates().start(urlsplit(settings.RATE_SOURCES["kraken"]["url"]).port or 0)
    wallet = FakeWallet(bitcoin, ethereum, tron, chain_settings.USDT)
    wallet.start(urlsplit(settings.DEMO_PAY_URL).port or 0)
    faucet = Faucet(settings.PAYOUTS, bitcoin, ethereum, tron, chain_settings.USDT)
    log.info("demo.chains_ready")
    _mine(bitcoin, faucet, stop)
    for each in (wallet, rates, ethereum, tron, bitcoin):
        each.stop()
    log.info("demo.chains_stopped")


def _mine(bitcoin: FakeBitcoin, faucet: Faucet, stop: threading.Event) -> None:
    while not stop.wait(_BITCOIN_SECONDS):
        bitcoin.mine()
        try:
            faucet.fill()
        except (Away, Unusable) as error:
            log.warning("demo.dev_node_away", reason=str(error))


def _evm(name: str) -> FakeEvm:
    node = FakeEvm(settings.CHAINS[name]["chain_id"], is_tron=name == "tron", port=_port(name))
    node.answers.final_lag = _FINAL_LAGS[name]
    if known := _known(name):
        node.resume(known, _balances(name))
    node.keep_mining(_EVM_SECONDS)
    return node.start()


def _port(name: str) -> int:
    return urlsplit(settings.CHAINS[name]["url"]).port or 0


def _known(name: str) -> list[tuple[int, str, str, int]]:
    """Height, hash, parent and time of the last canonical blocks that were read, the oldest first; empty at the first
    start."""
    found = sql.rows(
        "select height, hash, parent, extract(epoch from at)::bigint from funding_block where chain = %s and canonical"
        " order by height desc limit %s",
        (name, _BLOCKS_KEPT),
    )
    return [(row[0], row[1], row[2], row[3]) for row in reversed(found)]


def _balances(name: str) -> dict[tuple[str, str], int]:
    """What lay on the watched addresses when they were last looked at."""
    tokens = {"USDT-TRC20": chain_settings.USDT, "ETH": "native"}
    found = sql.rows(
        "select h.token, a.key, h.balance::text from funding_holding h join funding_address a"
        " on a.chain = h.chain and a.address = h.address where h.chain = %s",
        (name,),
    )
    return {(tokens[token], key): int(balance) for token, key, balance in found if token in tokens}
