"""How soon a payment is on the customer's page, in a process of its own on the database of DATABASE_URL: a fake node over
HTTP, the watcher as the clock runs it, and pages that ask once a second as the browser does. Prints seconds as JSON.
"""

import json
import os
import random
import sys
import threading
import time

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "activkode.config.settings")
django.setup()

from activkode.core import sql  # noqa: E402
from activkode.doors.clock import chains  # noqa: E402
from activkode.doors.demo import chain_settings  # noqa: E402
from activkode.doors.demo.fake_evm.node import FakeEvm  # noqa: E402
from activkode.funding import read  # noqa: E402
from activkode.funding.chains.evm import EthereumNode  # noqa: E402
from activkode.funding.policy import Asset, Chain  # noqa: E402
from activkode.funding.watch import Watcher  # noqa: E402

_PAGE_SECONDS = 1.0
_PAGES = 10
_MINE_SECONDS = 12


def main(payments: int) -> None:
    """So many payments to each of ten customers."""
    found: list[float] = []
    with FakeEvm(chain_settings.ETHEREUM_ID) as node:
        node.keep_mining(_MINE_SECONDS)
        stop = threading.Event()
        watching = threading.Thread(target=_watch, args=(node, stop))
        watching.start()
        while sql.value("select count(*) from funding_chain") == 0:
            time.sleep(0.05)
        keys = [_address(customer) for customer in range(1, _PAGES + 1)]
        pages = [
            threading.Thread(target=_page, args=(node, customer, key, payments, found))
            for customer, key in enumerate(keys, 1)
        ]
        for page in pages:
            page.start()
        for page in pages:
            page.join()
        stop.set()
        watching.join()
    print(json.dumps(found))


def _watch(node: FakeEvm, stop: threading.Event) -> None:
    options = {"chain_id": chain_settings.ETHEREUM_ID, "genesis": node.genesis}
    watcher = Watcher(EthereumNode(node.url, options))
    while not stop.is_set():
        if not watcher.round():
            stop.wait(chains.FOLLOW_SECONDS)


def _page(node: FakeEvm, customer: int, key: str, payments: int, found: list[float]) -> None:
    for _ in range(payments):
        time.sleep(random.random() * _PAGE_SECONDS)
        tx, paid_at = node.pay(key, 10**16), time.monotonic()
        time.sleep(random.random() * _PAGE_SECONDS)  # the page's own beat knows nothing of the payment's
        while not any(one.tx == tx for one in read.topups(customer, limit=5)):
            time.sleep(_PAGE_SECONDS)
        found.append(time.monotonic() - paid_at)


def _address(customer: int) -> str:
    index = sql.value("select fn.address_index('eth', 'bench', %s)", (customer,))
    key = f"0x{customer:040x}"
    place = ("eth", index, Chain.ETHEREUM, key, key, Asset.ETH, customer)
    sql.execute("select fn.address_give(%s, %s, %s, %s, %s, %s, %s)", place)
    return key


main(int(sys.argv[1]))
