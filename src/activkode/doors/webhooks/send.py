"""Sends to webhooks what is due, signed by the Standard Webhooks scheme: a loop of the clock that has many receivers at once
and waits for none. What was claimed and not recorded, because the process died, is claimed again under the same id.

Must never log a URL, a body or a secret.
"""

import asyncio
import atexit
import traceback
from datetime import UTC, datetime

import structlog
from standardwebhooks.webhooks import Webhook

from activkode.core.errors import TryLater
from activkode.core.outbound.client import Answer, Client, Unreachable
from activkode.core.outbound.reach import reach
from activkode.core.sealing import Unreadable, unseal
from activkode.doors.webhooks import body
from activkode.identity import deliveries
from activkode.identity.deliveries import Sending, Tried

EVERY_SECONDS = 0.5
AT_ONCE_MOST = 200
# A round ends after this long, or when the first receiver has answered.
_ROUND_SECONDS = 0.25
_SHOWN_CHARACTERS = 200
_AGENT = "activkode-webhooks/1"
_log = structlog.get_logger("activkode.webhooks")


class Sender:
    """What is under way in this process. One thread goes round with it."""

    def __init__(self, client: Client) -> None:
        self._client = client
        self._loop = asyncio.new_event_loop()
        self._under_way: dict[asyncio.Task[Tried], Sending] = {}

    def round(self) -> bool:
        """Takes what is due as far as there is room, and records what was answered meanwhile; whether there is more to do
        at once. Raises TryLater."""
        self._record()
        self._take(deliveries.claim_asked(self._room))
        for waiting in deliveries.claim(self._room):
            self._begin(waiting)
        if not self._under_way:
            return False
        self._loop.run_until_complete(
            asyncio.wait(self._under_way, timeout=_ROUND_SECONDS, return_when=asyncio.FIRST_COMPLETED)
        )
        self._record()
        return True

    def close(self) -> None:
        """Drops what is under way; it is tried again when its lease ends."""
        for task in self._under_way:
            task.cancel()
        if self._under_way:
            self._loop.run_until_complete(asyncio.wait(self._under_way))
        self._under_way.clear()
        self._loop.close()

    @property
    def _room(self) -> int:
        return AT_ONCE_MOST - len(self._under_way)

    def _begin(self, waiting: deliveries.Next) -> None:
        """One webhook whose event cannot be written must not stop the others: its lease ends, and it comes again."""
        try:
            text = body.write(waiting.event)
        except TryLater:
            raise
        except Exception as error:  # noqa: BLE001 - logged; one must not stop the others
            _log.error("webhooks.not_written", webhook=waiting.webhook, **_fault(error))
            return
        sending = deliveries.begin(waiting, body.event_id(waiting.event), waiting.event[3], text)
        self._take([] if sending is None else [sending])

    def _take(self, sendings: list[Sending]) -> None:
        for sending in sendings:
            self._under_way[self._loop.create_task(self._send(sending))] = sending

    async def _send(self, sending: Sending) -> Tried:
        try:
            headers = signed(sending, unseal(sending.sealed))
            answer = await self._client.post(sending.url, headers, sending.body.encode())
        except Unreadable:
            return Tried(None, "the secret cannot be read any more; make a new webhook", 0)
        except Unreachable as error:
            return Tried(None, str(error), 0)
        except Exception as error:  # noqa: BLE001 - logged; a fault in one must not end the round of all
            _log.error("webhooks.fault", webhook=sending.webhook, delivery=sending.id, **_fault(error))
            return Tried(None, "something broke on our side", 0)
        return Tried(answer.status, _error(answer), answer.milliseconds, _shown(answer.body))

    def _record(self) -> None:
        """Each is forgotten here only after it is written down: while the database is away it waits."""
        for task in [each for each in self._under_way if each.done()]:
            sending, tried = self._under_way[task], task.result()
            deliveries.record(sending, tried)
            del self._under_way[task]
            _log.info(
                "webhooks.tried",
                webhook=sending.webhook,
                delivery=sending.id,
                attempt=sending.attempt,
                status=tried.status,
                milliseconds=tried.milliseconds,
            )


def signed(sending: Sending, secret: str) -> dict[str, str]:
    """The headers of a try, by the Standard Webhooks scheme: id, time of the try, signature of both and of the body."""
    at = datetime.now(UTC)
    return {
        "Content-Type": "application/json",
        "User-Agent": _AGENT,
        "webhook-id": sending.event_id,
        "webhook-timestamp": str(int(at.timestamp())),
        "webhook-signature": Webhook(secret).sign(sending.event_id, at, sending.body),
    }


_sender: Sender | None = None


def round_of_this_process() -> bool:
    """A round of the clock's own sender. Raises TryLater."""
    global _sender
    if _sender is None:
        _sender = Sender(Client(reach()))
        atexit.register(_sender.close)
    return _sender.round()


def _fault(error: Exception) -> dict[str, str]:
    """What broke and where, without the values that were at hand: some formatters would print those."""
    return {"why": type(error).__name__, "where": "".join(traceback.format_tb(error.__traceback__))}


def _error(answer: Answer) -> str:
    if 200 <= answer.status < 300:
        return ""
    if 300 <= answer.status < 400:
        return "a redirect is not followed"
    return f"status {answer.status}"


def _shown(answer: bytes) -> str:
    text = answer[: 4 * _SHOWN_CHARACTERS].decode("utf-8", "replace")[:_SHOWN_CHARACTERS]
    return "".join(each if each.isprintable() else " " for each in text)
