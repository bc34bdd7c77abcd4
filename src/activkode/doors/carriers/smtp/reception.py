"""Decides what a mail peer is told: only leased addresses and the contact address are taken, nothing is
relayed, and 250 means committed."""

import asyncio
import hashlib
import re
from typing import Any

import structlog

from activkode.doors.carriers.handover import Handover
from activkode.doors.carriers.settings import Mail
from activkode.doors.carriers.smtp import address
from activkode.intake.messages import Inbound, Kind
from activkode.mailbox.incoming import Incoming

log = structlog.get_logger(__name__)

MOST_RECIPIENTS = 100
MOST_UNKNOWN = 20  # after so many in one connection, the peer is guessing
KEEP_SECONDS = 60.0

STORED = "250 2.0.0 Stored"
TRY_LATER = "451 4.3.0 Not stored now, try again later"
TOO_BIG = "552 5.3.4 Message is too big"
MALFORMED = "553 5.1.3 MalformedError address"
UNKNOWN = "550 5.1.1 No such address here"
GUESSING = "421 4.7.0 Too many unknown recipients"


class Reception:
    """aiosmtpd's hooks. With `answers_each` (LMTP) DATA is answered once for each recipient (RFC 2033,
    4.2)."""

    def __init__(
        self,
        link: str,
        handover: Handover[Inbound],
        mail: Mail,
        *,
        answers_each: bool,
        contact: Handover[Incoming] | None = None,
    ) -> None:
        self._link, self._handover, self._mail, self._answers_each = link, handover, mail, answers_each
        self._contact = contact
        self.busy = 0

    def longest_octets(self, recipients: list[str]) -> int:
        """How large a mail to these may be."""
        to_us = all(self._is_contact(recipient) for recipient in recipients)
        return self._mail.contact_octets if to_us else self._mail.longest_octets

    async def handle_EHLO(  # noqa: N802 - so are the hooks below
        self, server: Any, session: Any, envelope: Any, hostname: str, responses: list[str]
    ) -> list[str]:
        """Adds PIPELINING, which LMTP must have (RFC 2033, 5) and which reading from a stream gives."""
        session.host_name = hostname
        return [*responses[:-1], "250-PIPELINING", responses[-1]]

    async def handle_MAIL(  # noqa: N802
        self, server: Any, session: Any, envelope: Any, sender: str, options: list[str]
    ) -> str:
        """Any sender that can be stored; whether it tells the truth is not for the door to judge."""
        if sender != "<>" and address.normal(sender) is None:
            return self._refused("malformed_sender", "553 5.1.7 MalformedError sender address")
        envelope.mail_from = sender
        envelope.mail_options.extend(options)
        return "250 2.1.0 Ok"

    async def handle_RCPT(  # noqa: N802
        self, server: Any, session: Any, envelope: Any, recipient: str, options: list[str]
    ) -> str:
        """Takes the contact address and a leased one, and either with a "+tag"."""
        if len(envelope.rcpt_tos) >= MOST_RECIPIENTS:
            return self._refused("too_many_recipients", "452 4.5.3 Too many recipients")
        wanted = address.normal(recipient)
        if wanted is None:
            return self._refused("malformed_recipient", MALFORMED)
        if self._is_contact(wanted):
            envelope.rcpt_tos.append(wanted)
            return "250 2.1.5 Ok"
        for candidate in (wanted, address.without_tag(wanted)):
            known = await self._handover.knows(candidate) if candidate else False
            if known is None:
                return TRY_LATER
            if known:
                envelope.rcpt_tos.append(candidate)
                return "250 2.1.5 Ok"
        return self._unknown(server, session)

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        """Stores the mail once for each address, then answers."""
        if envelope.original_content is None:
            return self._answer(self._refused("too_big", TOO_BIG), envelope.rcpt_tos)
        self.busy += 1
        try:
            return await self._store(session, envelope)
        finally:
            self.busy -= 1

    async def handle_exception(self, error: Exception) -> str:
        """What nobody foresaw: the peer repeats, and the log has its name (not its words, which may quote the
        mail)."""
        log.error("smtp.fault", link=self._link, error=type(error).__name__)
        return TRY_LATER

    async def _store(self, session: Any, envelope: Any) -> str:
        addresses = list(dict.fromkeys(envelope.rcpt_tos))
        ids = await asyncio.gather(*(self._keep(session, envelope, recipient) for recipient in addresses))
        outcomes = {
            recipient: TRY_LATER if original_id is None else STORED
            for recipient, original_id in zip(addresses, ids, strict=True)
        }
        if self._answers_each:
            return "\r\n".join(outcomes[recipient] for recipient in envelope.rcpt_tos)
        # One answer for all: where one was not stored all are sent again, and the stored ones are found
        # doubled.
        return TRY_LATER if TRY_LATER in outcomes.values() else STORED

    async def _keep(self, session: Any, envelope: Any, recipient: str) -> int | None:
        """The id under which the mail is stored for this recipient; None where it is not."""
        to: Handover[Any] = self._handover
        kept: Inbound | Incoming
        if self._contact is not None and self._is_contact(recipient):
            to, kept = self._contact, self._incoming(session, envelope, recipient)
        else:
            kept = self._inbound(envelope, recipient)
        original_id = await to.keep(kept, within_seconds=KEEP_SECONDS)
        if original_id is not None:
            octets = len(envelope.original_content)
            log.info("smtp.kept", link=self._link, original=original_id, octets=octets)
            # After the answer has been written.
            asyncio.get_running_loop().call_soon(to.settle_later, original_id, self._link)
        return original_id

    def _is_contact(self, recipient: str) -> bool:
        return self._contact is not None and self._mail.contact in (recipient, address.without_tag(recipient))

    def _incoming(self, session: Any, envelope: Any, recipient: str) -> Incoming:
        # By LMTP a server of ours delivers: what its own peer was, it does not say.
        peer = "" if self._answers_each or not session.peer else str(session.peer[0])
        return Incoming(
            carrier=self._link,
            recipient=recipient,
            raw=envelope.original_content,
            peer=peer,
            helo=str(session.host_name or ""),
            sender="" if envelope.mail_from == "<>" else envelope.mail_from,
        )

    def _inbound(self, envelope: Any, recipient: str) -> Inbound:
        return Inbound(
            carrier=self._link,
            source_id=identity(envelope.original_content, recipient),
            kind=Kind.EMAIL,
            recipient=recipient,
            sender="" if envelope.mail_from == "<>" else envelope.mail_from,
            raw=envelope.original_content,
            text="",
        )

    def _answer(self, line: str, recipients: list[str]) -> str:
        return "\r\n".join([line] * len(recipients)) if self._answers_each else line

    def _unknown(self, server: Any, session: Any) -> str:
        session.unknown_recipients = getattr(session, "unknown_recipients", 0) + 1
        if session.unknown_recipients < MOST_UNKNOWN:
            return self._refused("unknown_recipient", UNKNOWN)
        asyncio.get_running_loop().call_soon(server.transport.close)
        return self._refused("guessing", GUESSING)

    def _refused(self, reason: str, line: str) -> str:
        log.info("smtp.refused", link=self._link, reason=reason)
        return line


def identity(raw: bytes, recipient: str) -> str:
    """The peer's identifier of this mail to this address. A Message-ID alone may be reused by careless
    senders, so all octets count: a repeat after a lost answer has the same ones. "" where the mail bears no
    mark of its own."""
    head = raw.partition(b"\r\n\r\n")[0]
    if not re.search(rb"^(message-id|received):", head, re.IGNORECASE | re.MULTILINE):
        return ""
    return hashlib.sha256(recipient.encode() + b"\0" + raw).hexdigest()
