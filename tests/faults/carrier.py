"""Carl with both his doors: a fake SMSC on a real socket and a mail client. Like any carrier he repeats what was not
acknowledged, and writes down what was.
"""

import asyncio
import itertools
import random
import smtplib
import threading
import time
from concurrent.futures import Future, ThreadPoolExecutor
from email.message import EmailMessage
from email.utils import make_msgid
from typing import Any

from activkode.doors.demo.segments import Carriage
from activkode.doors.demo.smsc import UNANSWERED, FakeSmsc
from faults.promises import Opened, Promises, Sent

LINK, SYSTEM_ID, PASSWORD = "faults-smpp", "faults", "carl1234"
_LONG = (
    "This text is longer than one message can be, so that it travels in parts, and each part is kept. " * 2
    + "Bye."
)


class Carrier:
    """`start`, then send; `finish` waits until everything was acknowledged."""

    def __init__(self, promises: Promises, seed: int) -> None:
        self._promises, self._chance = promises, random.Random(seed)
        self._serials = itertools.count(100_001)
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="smsc")
        self._smsc = FakeSmsc(
            {SYSTEM_ID: PASSWORD}, answer_seconds=5, retry_seconds=0.3, retry_longest_seconds=1.5
        )
        self._mailers = ThreadPoolExecutor(16, thread_name_prefix="mailer")
        self._under_way: list[Future[Any]] = []
        self._smtp_port = 0

    def start(self) -> dict[str, Any]:
        """Listens; the link as the carriers process wants it."""
        self._thread.start()
        self._in_loop(self._smsc.start()).result(10)
        account = {"system_id": SYSTEM_ID, "password": PASSWORD, "backoff_longest_seconds": 2.0}
        return {"name": LINK, "host": "127.0.0.1", "port": self._smsc.port} | account

    def mail_to(self, port: int) -> None:
        """Where mail is taken in."""
        self._smtp_port = port

    def send_code(self, one: Opened, after_seconds: float) -> None:
        """A text with a code of its own, long ones in parts."""
        text = f"Your {one.service.capitalize()} code is {next(self._serials)}."
        if self._chance.random() < 0.15:
            text += f" {_LONG}"
        self._send(one, text, after_seconds)

    def send_greeting(self, one: Opened, after_seconds: float) -> None:
        """A text without a code."""
        self._send(
            one, f"Welcome to {one.service.capitalize()}, dear friend of {one.address}!", after_seconds
        )

    def finish(self, within_seconds: float) -> None:
        """Returns when all was acknowledged. Raises TimeoutError."""
        end = time.monotonic() + within_seconds
        for each in self._under_way:
            each.result(max(0.1, end - time.monotonic()))

    def close(self) -> None:
        """Ends both doors."""
        for each in self._under_way:
            each.cancel()
        self._mailers.shutdown(cancel_futures=True)
        self._in_loop(self._smsc.stop()).result(20)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)
        self._loop.close()

    def _send(self, one: Opened, text: str, after_seconds: float) -> None:
        if "@" in one.address:
            self._under_way.append(self._mailers.submit(self._mail, one, text, after_seconds))
        else:
            self._under_way.append(self._in_loop(self._deliver(one, text, after_seconds)))

    async def _deliver(self, one: Opened, text: str, after_seconds: float) -> None:
        await asyncio.sleep(after_seconds)
        carriage = self._chance.choice((Carriage.PARTS, Carriage.WIDE_PARTS, Carriage.SAR, Carriage.PAYLOAD))
        sender = one.service.capitalize()
        parts = self._smsc.send(SYSTEM_ID, text, to=one.address, sender=sender, carriage=carriage)
        for part in parts:
            await part.ended.wait()
            self._promises.answers.update(f"SMPP {_shown(status)}" for status in part.statuses)
        if any(part.statuses[-1] for part in parts):
            self._promises.never.append(f"SMPP refused for good: {[part.statuses for part in parts]}")
        else:
            self._promises.kept.append(Sent("smpp", one.address, text, len(parts)))

    def _mail(self, one: Opened, text: str, after_seconds: float) -> None:
        time.sleep(after_seconds)
        octets = _compose(one, text)
        while not self._is_mailed(one, octets):
            time.sleep(0.2)
        self._promises.kept.append(Sent("smtp", one.address, text, 1))

    def _is_mailed(self, one: Opened, octets: bytes) -> bool:
        is_taken = False
        try:
            with smtplib.SMTP("127.0.0.1", self._smtp_port, timeout=20) as client:
                client.sendmail(f"no-reply@{one.service}.example", [one.address], octets)
                is_taken = True
                self._promises.answers["SMTP 250"] += 1
        except smtplib.SMTPRecipientsRefused as refused:
            [(code, words)] = refused.recipients.values()
            self._never_for_good(code, words)
        except smtplib.SMTPResponseException as answer:
            self._never_for_good(answer.smtp_code, answer.smtp_error)
        except (OSError, smtplib.SMTPException):
            # The door is away, or went away before it answered.
            self._promises.answers["SMTP none"] += not is_taken
        return is_taken

    def _never_for_good(self, code: int, words: Any) -> None:
        self._promises.answers[f"SMTP {code}"] += 1
        if code >= 500:
            self._promises.never.append(f"SMTP refused for good: {code} {words!r}")

    def _in_loop(self, work: Any) -> "Future[Any]":
        return asyncio.run_coroutine_threadsafe(work, self._loop)


def _shown(status: int) -> str:
    return "none" if status == UNANSWERED else f"{status:#x}"


def _compose(one: Opened, text: str) -> bytes:
    mail = EmailMessage()
    mail["From"] = f"no-reply@{one.service}.example"
    mail["To"] = one.address
    mail["Subject"] = "Hello"
    mail["Message-ID"] = make_msgid(domain=f"{one.service}.example")
    mail.set_content(text)
    return mail.as_bytes()
