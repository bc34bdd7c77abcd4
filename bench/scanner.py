"""A Bitcoin scanner in a process of its own, on the database of DATABASE_URL: prints what it measured as JSON. The node is
in memory: its answers are whole before the time runs.
"""

import json
import os
import re
import statistics
import sys
import time
from functools import partial
from pathlib import Path
from typing import Any

import django
import httpx
import msgspec

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "activkode.config.settings")
django.setup()

from activkode.core import sql  # noqa: E402
from activkode.funding.chains.bitcoin import BitcoinNode  # noqa: E402
from activkode.funding.chains.bitcoin_json import BLOCK  # noqa: E402
from activkode.funding.own import OwnKeys  # noqa: E402
from activkode.funding.policy import Chain  # noqa: E402
from bench.blocks import Blocks  # noqa: E402


def scan(count: int, transactions: int) -> dict[str, Any]:
    """Seconds for parsing a block's JSON alone, all of it and only what the scanner reads, and for all that a scanner does
    with it, in turn; the medians. Each block pays one address of ours."""
    own, blocks, answers = OwnKeys(Chain.BITCOIN), Blocks(transactions), _Answers()
    node = BitcoinNode("http://127.0.0.1", {}, httpx.MockTransport(answers.reply))
    ours = sql.value("select key from funding_address order by index desc limit 1")
    times: dict[str, list[float]] = {"parsing": [], "reading": [], "scanning": []}
    for number in range(count + 1):
        height, hash_, content = blocks.next((ours,))
        answers.prepare(hash_, content)
        calls = {
            "parsing": partial(msgspec.json.decode, answers.block),
            "reading": partial(BLOCK.decode, answers.block),
            "scanning": partial(_read, node, own, height),
        }
        for name, call in list(calls.items())[:: 1 if number % 2 else -1]:
            begun = time.perf_counter()
            call()
            times[name].append(time.perf_counter() - begun)
    node.close()
    return {name: statistics.median(found[1:]) for name, found in times.items()}


def resident() -> dict[str, Any]:
    """MiB of this process once it knows every address."""
    own = OwnKeys(Chain.BITCOIN)
    own.learn()
    found = re.search(r"VmRSS:\s+(\d+) kB", Path("/proc/self/status").read_text())
    assert found
    return {"mib": int(found[1]) / 1024}


class _Answers:
    """What the node in memory answers: a block's hash, then the block."""

    def __init__(self) -> None:
        self._calls = 0
        self.hash = self.block = b""

    def prepare(self, hash_: str, content: bytes) -> None:
        """The next two answers."""
        self.hash = b'{"result":"%s","error":null,"id":%d}' % (hash_.encode(), self._calls + 1)
        self.block = b'{"result":%s,"error":null,"id":%d}' % (content, self._calls + 2)

    def reply(self, request: httpx.Request) -> httpx.Response:
        """Answers one call."""
        self._calls += 1
        is_block = msgspec.json.decode(request.content)["method"] == "getblock"
        return httpx.Response(200, content=iter([self.block if is_block else self.hash]))


def _read(node: BitcoinNode, own: OwnKeys, height: int) -> None:
    """As the watcher does."""
    fetched = node.fetch(height)
    own.learn()
    assert node.read(fetched, own).found


def main(words: list[str]) -> None:
    """`scan <blocks> <transactions>` or `resident`."""
    print(json.dumps(scan(*map(int, words[1:])) if words[0] == "scan" else resident()))


main(sys.argv[1:])
