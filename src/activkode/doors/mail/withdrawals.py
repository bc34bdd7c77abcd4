"""Tells a customer by mail what became of a withdrawal. Said in the figures of its page; must never decide anything."""

from collections.abc import Callable
from textwrap import fill
from typing import Any

from django.conf import settings

from activkode.core import ids
from activkode.core.money import dollars
from activkode.doors.mail import send as mail
from activkode.doors.mail import threads
from activkode.funding.policy import BY_ASSET
from activkode.withdrawals import read
from activkode.withdrawals.policy import FIGURES, Figure
from activkode.withdrawals.read import Withdrawal

TOPIC = "withdrawal_mail"
_COLUMNS = 76
_DAYS = FIGURES[Figure.EMAIL_CHANGE_DAYS]


def send(row_id: int, payload: dict[str, Any]) -> None:
    """Sends the mail of an outbox row {"withdrawal": id, "what": word, "to": an earlier address}. Raises
    Refusal(not_found) where the withdrawal is missing, and what mail.send raises."""
    one = read.any_one(int(payload["withdrawal"]))
    subject, text = written(one, payload["what"])
    to, headers = payload.get("to") or one.email, threads.of_withdrawal(row_id, one.id)
    mail.send(row_id, {"to": to, "subject": subject, "text": text, "headers": headers})


def written(one: Withdrawal, what: str) -> tuple[str, str]:
    """Subject and text for what happened then, with the figures as they stand now."""
    subject, paragraphs = _SAID[what](one)
    number = ids.show(ids.WITHDRAWAL, one.id)
    parts = [part if part.startswith(" ") else fill(part, _COLUMNS) for part in paragraphs]
    if what != "warned":  # an earlier address may be a stranger's by now: no link, no figures
        parts.append(f"Every step:\n{settings.PUBLIC_URL}/withdrawals/{number}/")
    return f"{subject} ({number})", "\n\n".join((*parts, "ACTIV KODE")) + "\n"


_Said = tuple[str, tuple[str, ...]]


def _requested(one: Withdrawal) -> _Said:
    return "Confirm your withdrawal", (
        "A withdrawal was asked for. Nothing has been set aside yet: sign in, open the page below and confirm it there.",
        _facts(one),
        "If it was not you, do nothing: it is closed by itself. Then change your password.",
    )


def _confirmed(one: Withdrawal) -> _Said:
    due = f" by {one.due_at:%A, %d %B %Y}" if one.due_at else ""
    return "Your withdrawal is confirmed", (
        f"You confirmed it, and the amount is set aside. It is checked and paid{due}.",
        _facts(one),
        f"If it was not you, cancel it on its page at once and write to {settings.CONTACT_EMAIL}.",
    )


def _quoted(one: Withdrawal) -> _Said:
    until = f"{one.consent_by:%A, %d %B %Y, %H:%M} UTC" if one.consent_by else ""
    return "Your withdrawal waits for your word", (
        f"The network now asks for ${dollars(one.quote_micros or 0)} to carry out your withdrawal. That is more than the"
        " flat fee covers; what goes beyond it would be yours.",
        f"Agree to it, or cancel, on the page below until {until}. Without an answer it is closed, and the whole amount is"
        " back in your balance.",
        _facts(one),
    )


def _paid(one: Withdrawal) -> _Said:
    return "Your withdrawal is paid", ("The network has confirmed the payment.", _facts(one))


def _rejected(one: Withdrawal) -> _Said:
    back = " The amount is back in your balance." if one.confirmed_at else ""
    return "Your withdrawal was declined", (
        f"We do not carry out this withdrawal.{back}",
        _line("Reason", one.reason),
        f"If you disagree, answer this mail or write to {settings.CONTACT_EMAIL}.",
    )


def _cancelled(one: Withdrawal) -> _Said:
    back = " The amount is back in your balance." if one.confirmed_at else ""
    return "Your withdrawal is closed", (
        f"It was closed without a payment.{back}",
        _facts(one),
    )


def _returned(one: Withdrawal) -> _Said:
    return "Your withdrawal could not be paid", (
        "The network did not carry out the payment, and it can be proven that it never will. The whole amount is back in"
        " your balance.",
        _facts(one),
    )


def _warned(_: Withdrawal) -> _Said:
    return "A withdrawal was asked for on your account", (
        f"This address belonged to an account here until it was changed within the last {_DAYS} days. A withdrawal has now"
        f" been asked for on that account. It waits until {_DAYS} days after the change.",
        f"If you did not change the address, write to {settings.CONTACT_EMAIL} from this one now.",
    )


_SAID: dict[str, Callable[[Withdrawal], _Said]] = {
    "requested": _requested,
    "confirmed": _confirmed,
    "quoted": _quoted,
    "paid": _paid,
    "rejected": _rejected,
    "cancelled": _cancelled,
    "returned": _returned,
    "warned": _warned,
}


def _facts(one: Withdrawal) -> str:
    lines = [
        _line("Amount", f"${dollars(one.gross_micros)}"),
        _line("Fee", f"${dollars(one.fee_micros)}"),
        _line("Network", f"${dollars(one.network_micros)}") if one.network_micros else "",
        _line("Arrives", f"${dollars(one.net_micros)} in {one.asset}, {BY_ASSET[one.asset].network}"),
        _line("Address", one.address),
    ]
    return "\n".join(line for line in lines if line)


def _line(label: str, value: str) -> str:
    return f"  {label + ':':<12} {value}"
