"""Events of customers as they travel: read from core_event or carried by a notice, and written for a stream."""

from typing import Any

import msgspec

from activkode.activations.policy import State
from activkode.core import ids
from activkode.core.money import coins, dollars
from activkode.doors.machines import shapes
from activkode.doors.machines.render import encode
from activkode.funding.policy import ASSETS

COLUMNS = "customer_id, seq, fn.stamp(at), type, activation_id, revision, payload::text"
TOPUP, WITHDRAWAL, CASE = "topup.", "withdrawal.", "case."
_DECIMALS = {str(rule.asset): rule.decimals for rule in ASSETS}
_STATES = {f"activation.{state}": state for state in State} | {"activation.code": State.RECEIVED}
_NULL = msgspec.Raw(b"null")


class Event(msgspec.Struct, frozen=True):
    """One thing that happened to a customer. `at` is empty in a notice that was too long to carry its payload."""

    customer: int
    seq: int
    at: str
    type: str
    activation: int | None
    revision: int | None
    payload: msgspec.Raw = _NULL


class _Payload(msgspec.Struct, frozen=True):
    received_at: str
    sender: str
    text: str | None = None
    code: str | None = None
    link: str | None = None


class _Topup(msgspec.Struct, frozen=True):
    # Not the enumerations: a word of a newer version must not end the streams of an older process.
    topup: int
    state: str
    asset: str | None
    amount: str
    credited_micros: int | None


class _Withdrawal(msgspec.Struct, frozen=True):
    withdrawal: int
    state: str
    asset: str
    gross_micros: int


class _Case(msgspec.Struct, frozen=True):
    case: int
    kind: str
    state: str
    due_at: str


class _Notice(msgspec.Struct, frozen=True):
    t: str
    c: int | None = None
    s: int | None = None
    a: int | None = None
    r: int | None = None
    at: str = ""
    p: msgspec.Raw = _NULL
    many: list[str] = []


_notice = msgspec.json.Decoder(_Notice).decode
_payload = msgspec.json.Decoder(_Payload).decode
_topup = msgspec.json.Decoder(_Topup).decode
_withdrawal = msgspec.json.Decoder(_Withdrawal).decode
_case = msgspec.json.Decoder(_Case).decode


def of_row(row: tuple[Any, ...]) -> Event:
    """An event from the COLUMNS of core_event."""
    customer, seq, at, kind, activation, revision, payload = row
    raw = _NULL if payload is None else msgspec.Raw(payload.encode())
    return Event(customer, seq, at, kind, activation, revision, raw)


def of_notice(text: str) -> Event | list[tuple[int, int]]:
    """An event, or the (customer, activation) pairs of a notice about many. Raises msgspec.MsgspecError."""
    notice = _notice(text)
    if notice.c is None or notice.s is None:
        pairs = (pair.split(":") for pair in notice.many)
        return [(int(customer), int(activation)) for customer, activation in pairs]
    return Event(notice.c, notice.s, notice.at, notice.t, notice.a, notice.r, notice.p)


def block(event: Event) -> bytes:
    """The event as a block of a text/event-stream."""
    return b"id: %d\ndata: %s\n\n" % (event.seq, encode(told(event)))


def told(event: Event) -> shapes.Event:
    """What a stream tells of an event."""
    if event.type.startswith(TOPUP):
        return shapes.Event(event.seq, event.type, event.at, topup=_news(_topup(event.payload)))
    if event.type.startswith(WITHDRAWAL):
        return shapes.Event(event.seq, event.type, event.at, withdrawal=_payout(_withdrawal(event.payload)))
    if event.type.startswith(CASE):
        return shapes.Event(event.seq, event.type, event.at, case=_look(_case(event.payload)))
    message = None
    state = _STATES.get(event.type)
    if bytes(event.payload) != b"null" and event.revision is not None:
        read = _payload(event.payload)
        message = shapes.Message(
            event.revision, read.received_at, read.sender, read.text, read.code, read.link
        )
        if event.type == "activation.message":  # its text is shown only once the activation is paid for
            state = State.WAITING if read.text is None else State.RECEIVED
    activation = None if event.activation is None else ids.show(ids.ACTIVATION, event.activation)
    return shapes.Event(event.seq, event.type, event.at, activation, event.revision, state, message)


def _news(one: _Topup) -> shapes.TopupNews:
    decimals = None if one.asset is None else _DECIMALS.get(one.asset)
    return shapes.TopupNews(
        id=ids.show(ids.DEPOSIT, one.topup),
        state=one.state,  # type: ignore[arg-type]
        asset=one.asset,  # type: ignore[arg-type]
        amount=None if decimals is None else coins(int(one.amount), decimals),
        credited=None if one.credited_micros is None else dollars(one.credited_micros),
    )


def _payout(one: _Withdrawal) -> shapes.WithdrawalNews:
    number, amount = ids.show(ids.WITHDRAWAL, one.withdrawal), dollars(one.gross_micros)
    return shapes.WithdrawalNews(number, one.state, one.asset, amount)  # type: ignore[arg-type]


def _look(one: _Case) -> shapes.CaseNews:
    return shapes.CaseNews(ids.show(ids.CASE, one.case), one.kind, one.state, one.due_at)
