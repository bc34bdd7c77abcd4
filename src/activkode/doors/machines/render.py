"""Turns the domain's values into the shapes of REST; must never decide anything."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from msgspec import UNSET
from msgspec.json import Decoder, Encoder

from activkode.activations import read
from activkode.core import ids
from activkode.core.errors import Code, Refusal
from activkode.core.money import dollars
from activkode.doors.machines import shapes
from activkode.intake.messages import Kind

encode = Encoder().encode
_document = Decoder(read.Activation, strict=False)


def activation(one: read.Activation) -> shapes.Activation:
    """The public form of an activation."""
    can = read.can(one)
    is_mail = one.kind == "email"
    return shapes.Activation(
        id=ids.show(ids.ACTIVATION, one.id),
        number=one.id,
        kind=Kind(one.kind),
        service=one.service,
        country=one.country,
        operator=one.operator,
        phone=UNSET if is_mail or not one.address else f"+{one.address}",
        email=one.address if is_mail and one.address else UNSET,
        price=dollars(one.price_micros),
        state=one.state,
        window_seconds=one.window_seconds,
        opened_at=one.opened_at,
        expires_at=one.expires_at,
        closed_at=one.closed_at,
        revision=one.revision,
        messages=[message(each) for each in one.messages],
        can=shapes.Can(can.cancel, can.complete, can.reveal, can.cancel_from or UNSET),
        refund=_refunded(one),
        policy_version=one.policy_version,
    )


def message(one: read.Message) -> shapes.Message:
    """The public form of a message; the domain has emptied what is hidden."""
    return shapes.Message(one.revision, one.received_at, one.sender, one.text, one.code, one.link)


def document(text: str) -> tuple[int, bytes]:
    """Revision and encoded public form of the text of `fn.activation_document`."""
    one = _document.decode(text)
    return one.revision, encode(activation(one))


def time(at: datetime) -> str:
    """RFC 3339, UTC, milliseconds."""
    return at.astimezone(UTC).isoformat(timespec="milliseconds").removesuffix("+00:00") + "Z"


def when(at: datetime | None) -> str | None:
    """The same for a time that may be none."""
    return None if at is None else time(at)


def decimal(value: Decimal) -> str:
    """Exact, without an exponent and without closing zeros."""
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def told_besides(refusal: Refusal) -> dict[str, Any]:
    """What a refusal says besides its sentence, in public form."""
    told = dict(refusal.extra)
    one: read.Activation | None = told.get("activation")
    if one is not None:
        told["activation"] = activation(one)
        if refusal.code is Code.CODE_ARRIVED:
            first = next((m for m in one.messages if m.code or m.link), None)
            told["arrived_at"] = first.received_at if first else None
    return told


def _refunded(one: read.Activation) -> shapes.Refunded | None:
    if one.refunded_at is None:
        return None
    return shapes.Refunded(dollars(one.price_micros), one.clause, one.refunded_at)
