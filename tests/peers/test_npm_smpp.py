"""An SMSC that others wrote (npm `smpp`) delivers to our receiver."""

import asyncio
import itertools
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest

from activkode.doors.carriers.smpp.receiver import Receiver
from activkode.intake.messages import Part
from doors.carriers.recorder import PASSWORD, SYSTEM_ID, Recorder

pytestmark = [pytest.mark.anyio, pytest.mark.peers, pytest.mark.needs("smpp")]

Eventually = Callable[..., Awaitable[None]]
ADDRESSES = {
    "source_addr": "ShopName",
    "source_addr_ton": 5,
    "destination_addr": "447700900001",
    "dest_addr_ton": 1,
}
OK, TEMPORARY = 0x00, 0x64


class NodeSmsc:
    """The script in its own process; one line out for each line in."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process
        self._ids = itertools.count(1)

    async def event(self) -> dict[str, Any]:
        """The next line that it prints."""
        assert self._process.stdout
        line = await asyncio.wait_for(self._process.stdout.readline(), 20)
        return dict(json.loads(line))

    def request(self, command: str = "deliver_sm", udh: bytes = b"", **fields: object) -> int:
        """Asks for a PDU; the id under which its answer comes."""
        assert self._process.stdin
        number = next(self._ids)
        line = {"id": number, "command": command, "fields": ADDRESSES | fields, "udh": list(udh) or None}
        self._process.stdin.write(json.dumps(line).encode() + b"\n")
        return number

    async def send(self, command: str = "deliver_sm", udh: bytes = b"", **fields: object) -> int:
        """Sends a PDU; the command_status of its answer."""
        number = self.request(command, udh, **fields)
        answer = await self.event()
        assert (answer["id"], answer["command"]) == (number, f"{command}_resp")
        return int(answer["status"])


@pytest.fixture
async def node(receive_from: Callable[..., Receiver]) -> AsyncIterator[NodeSmsc]:
    script = Path(__file__).parent / "smsc.js"
    process = await asyncio.create_subprocess_exec(
        "node",
        str(script),
        SYSTEM_ID,
        PASSWORD,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
    )
    smsc = NodeSmsc(process)
    receive_from((await smsc.event())["port"])
    assert await smsc.event() == {"bound": "bind_transceiver"}
    yield smsc
    process.kill()
    await process.communicate()


@pytest.mark.parametrize(
    "written",
    ["Your code is 482913", "€ {4711} [x] ~^|\\", "Ваш код 482913", "验证码 482913 😀", "Grüße 12 ß"],
)
async def test_it_delivers_a_text(node: NodeSmsc, recorder: Recorder, written: str) -> None:
    assert await node.send(short_message=written) == OK
    [kept] = recorder.kept
    assert (kept.text, kept.sender, kept.recipient) == (written, "ShopName", "447700900001")


async def test_it_delivers_a_payload_and_a_data_sm(node: NodeSmsc, recorder: Recorder) -> None:
    assert await node.send(message_payload="long " * 100) == OK
    assert await node.send("data_sm", message_payload="Your code is 482913") == OK
    assert recorder.texts == ["long " * 100, "Your code is 482913"]


async def test_it_delivers_parts_in_the_wrong_order(node: NodeSmsc, recorder: Recorder) -> None:
    for number, text in ((3, "913"), (1, "Your code"), (2, " is 482")):
        udh = bytes((5, 0, 3, 77, 3, number))
        assert await node.send(udh=udh, esm_class=0x40, short_message=text) == OK
    assert {inbound.part: inbound.text for inbound in recorder.kept} == {
        Part(77, 3, 1): "Your code",
        Part(77, 3, 2): " is 482",
        Part(77, 3, 3): "913",
    }


async def test_its_receipts_are_no_messages(node: NodeSmsc, recorder: Recorder) -> None:
    assert await node.send(esm_class=0x04, short_message="id:1 stat:DELIVRD text:Your code 482913") == OK
    assert recorder.calls == 0


async def test_it_is_told_to_come_again_and_its_repeat_is_kept(node: NodeSmsc, recorder: Recorder) -> None:
    recorder.is_away = True
    assert await node.send(short_message="Your code is 482913") == TEMPORARY
    recorder.is_away = False
    assert await node.send(short_message="Your code is 482913") == OK
    assert recorder.texts == ["Your code is 482913"]


async def test_it_may_send_many_at_once(node: NodeSmsc, recorder: Recorder) -> None:
    asked = {node.request(short_message=f"code {number}") for number in range(100)}
    answers = [await node.event() for _ in asked]
    assert {answer["id"]: answer["status"] for answer in answers} == dict.fromkeys(asked, OK)
    assert sorted(recorder.texts) == sorted(f"code {number}" for number in range(100))
