"""Sends the demo's mails by real SMTP, and again later where the door says so."""

import asyncio
import smtplib
from dataclasses import dataclass
from email.message import EmailMessage
from email.utils import formatdate, make_msgid

import structlog

log = structlog.get_logger(__name__)

RETRY_SECONDS = (1, 2, 5, 10, 20, 30, 60)
_HTML = "<!doctype html><html><body><p>{text}</p></body></html>"


@dataclass(frozen=True, slots=True)
class Mailer:
    """Where the SMTP door is."""

    host: str
    port: int

    async def send(self, *, service: str, to: str, text: str) -> bool:
        """Whether the mail was taken in the end."""
        mail = compose(service, to, text)
        for pause_seconds in (*RETRY_SECONDS, None):
            try:
                await asyncio.to_thread(self._send_once, mail)
                return True
            except smtplib.SMTPResponseException as answer:
                if answer.smtp_code >= 500:
                    break
            except smtplib.SMTPRecipientsRefused as refused:
                if all(code >= 500 for code, _ in refused.recipients.values()):
                    break
            except OSError:
                log.info("demo.mail_door_closed")
            if pause_seconds is not None:
                await asyncio.sleep(pause_seconds)
        log.warning("demo.mail_refused", service=service)
        return False

    def _send_once(self, mail: EmailMessage) -> None:
        with smtplib.SMTP(self.host, self.port, timeout=30) as client:
            client.send_message(mail)


def compose(service: str, to: str, text: str) -> EmailMessage:
    """A mail as such services send it: plain text with an HTML alternative."""
    domain = f"{service}.example"
    mail = EmailMessage()
    mail["From"] = f"{service} <no-reply@{domain}>"
    mail["To"] = to
    mail["Subject"] = "Your sign-up"
    mail["Date"] = formatdate()
    mail["Message-ID"] = make_msgid(domain=domain)
    mail.set_content(text)
    mail.add_alternative(_HTML.format(text=text), subtype="html")
    return mail
