"""How the sign-in library behaves here: mails go through the outbox, and whoever asks learns nothing about an account.

Must never send a mail from a request: how long an answer takes would tell whether an account exists (FAILURES X09).
"""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.models import EmailAddress
from allauth.core import context as current
from django.contrib.auth.hashers import make_password
from django.http import HttpRequest
from django.utils.crypto import get_random_string

from activkode.core import outbox
from activkode.identity import email_change


class Accounts(DefaultAccountAdapter):  # type: ignore[misc]
    """The library's hooks that we use."""

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Writes the mail into the outbox; the clock delivers it. Raises TryLater."""
        mail = self.render_mail(
            template_prefix, email, {"request": current.request, "email": email} | context
        )
        outbox.put_mail(email, str(mail.subject), str(mail.body))

    def get_from_email(self) -> str:
        """Nobody: who sends is the outbox's matter."""
        return ""

    def send_account_already_exists_mail(self, email: str) -> None:
        """Takes as long as a sign-up, whose cost is the hash of its password."""
        make_password(get_random_string(16))
        super().send_account_already_exists_mail(email)

    def confirm_email(self, request: HttpRequest, email_address: EmailAddress) -> bool:
        """Confirms an address; where it replaces another one, the time is kept (POLICY 2.3.6)."""
        before = email_address.user.email
        confirmed = bool(super().confirm_email(request, email_address))
        if confirmed and before != email_address.email:
            email_change.note(email_address.user_id, before)
        return confirmed
