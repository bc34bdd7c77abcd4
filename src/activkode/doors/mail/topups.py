"""Tells a customer by mail what became of a top-up: credited, taken back, under review. Said in the figures of the receipt;
must never decide anything.
"""

from collections.abc import Callable
from textwrap import fill
from typing import Any

from django.conf import settings

from activkode.core import ids
from activkode.core.money import dollars
from activkode.doors.mail import send as mail
from activkode.funding import read, words
from activkode.funding.policy import State
from activkode.funding.read import Topup
from activkode.identity import read as identity

TOPIC = "topup_mail"
_COLUMNS = 76


def send(row_id: int, payload: dict[str, Any]) -> None:
    """Sends the mail of an outbox row {"deposit": id, "state": state} to the registered address. Raises
    Refusal(not_found) where deposit or account is missing, and what mail.send raises."""
    one = read.any_topup(int(payload["deposit"]))
    to = identity.account(one.customer).email
    subject, text = written(one, payload["state"])
    mail.send(row_id, {"to": to, "subject": subject, "text": text})


def written(one: Topup, state: str) -> tuple[str, str]:
    """Subject and text for what happened then, with the figures as they stand now."""
    subject, paragraphs = _SAID[State(state)](one)
    receipt = f"{settings.PUBLIC_URL}/topups/{ids.show(ids.DEPOSIT, one.id)}/"
    said = (part if part.startswith(" ") else fill(part, _COLUMNS) for part in paragraphs)
    return subject, "\n\n".join((*said, f"Every step and the receipt:\n{receipt}", "ACTIV KODE")) + "\n"


def _credited(one: Topup) -> tuple[str, tuple[str, ...]]:
    again = one.restored_micros > 0
    amount = dollars(one.restored_micros if again else one.credited_micros or 0)
    first = "Your payment is part of the chain again." if again else "Your payment has been confirmed."
    return f"${amount} credited", (
        f"{first} ${amount} {'is back' if again else 'is now'} in your balance.",
        "\n".join(
            (
                _line("Paid in", _paid(one)),
                _line("Rate", words.rate(one.rate, one.asset) if one.rate and one.asset else ""),
                _line("Credited", f"${amount}"),
            )
        ),
    )


def _reversed(one: Topup) -> tuple[str, tuple[str, ...]]:
    if one.written_off_micros:
        return "Your top-up: the case is closed", (
            "The chain took this payment back after part of it was spent. We bear that part, and you owe nothing.",
            "\n".join(
                (
                    _line("Paid in", _paid(one)),
                    _line("Taken back", f"${dollars(one.reversed_micros)}"),
                    _line("Borne by us", f"${dollars(one.written_off_micros)}"),
                )
            ),
        )
    return f"A top-up of ${dollars(one.credited_micros or 0)} was taken back", (
        "The network has removed the block that held your payment, so the credit is taken back. Usually the payment comes"
        " into a new block by itself, and is then credited again in full: you need to do nothing.",
        "\n".join(
            (_line("Paid in", _paid(one)), _line("Taken back", f"${dollars(one.reversed_micros)}")),
        ),
    )


def _under_case(one: Topup) -> tuple[str, tuple[str, ...]]:
    why = words.REASONS.get(one.reason or "", "It needs a look before it can be credited.")
    return "Your payment needs a look", (
        f"A payment of yours was not simply credited. {why}",
        "\n".join(
            (_line("Paid in", _paid(one)), _line("Address", one.address), _line("Transaction", one.tx))
        ),
        f"You need to do nothing. If you have a question, write to {settings.CONTACT_EMAIL} and name"
        f" {ids.show(ids.DEPOSIT, one.id)}.",
    )


_SAID: dict[State, Callable[[Topup], tuple[str, tuple[str, ...]]]] = {
    State.CREDITED: _credited,
    State.REVERSED: _reversed,
    State.UNDER_CASE: _under_case,
}


def _paid(one: Topup) -> str:
    if one.asset is None:
        return "a token that is not taken here"
    return f"{words.coins(one.amount, one.asset)} ({words.coin(one.asset)})"


def _line(label: str, value: str) -> str:
    return f"  {label + ':':<12} {value}"
