"""Our receiver as a process of its own, for a peer that must be shut into a network namespace. Arguments:
port, number of messages. Prints the text of each message that it keeps; ends when it has them all, or after
60 seconds."""

import asyncio
import sys

from activkode.doors.carriers.handover import Handover
from activkode.doors.carriers.settings import Link
from activkode.doors.carriers.smpp.receiver import Receiver
from activkode.intake.messages import Inbound

kept: list[str] = []


def keep(inbound: Inbound) -> int:
    """In place of intake: shows the message."""
    kept.append(inbound.text)
    sys.stdout.write(
        f"\nkept {inbound.text}\n"
    )  # one write, on a line of its own: the log goes there as well
    sys.stdout.flush()
    return len(kept)


async def main(port: int, messages: int) -> None:
    """Binds as receiver: the simulator sends to nobody else."""
    handover = Handover(keep, str, bool)
    link = Link(name="kannel", host="127.0.0.1", port=port, system_id="foo", password="bar", transmits=False)
    receiver = Receiver(link, handover)
    running = asyncio.create_task(receiver.run())
    for _ in range(600):
        await asyncio.sleep(0.1)
        if len(kept) >= messages:
            break
    await receiver.stop()
    await running
    handover.close(within_seconds=5)


asyncio.run(main(int(sys.argv[1]), int(sys.argv[2])))
