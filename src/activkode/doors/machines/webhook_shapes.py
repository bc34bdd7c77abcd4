"""What goes out and comes in over REST about webhooks, as types (see shapes.py); and what a webhook is sent."""

from enum import StrEnum
from typing import Annotated, Literal

from msgspec import UNSET, Meta, Struct, UnsetType

from activkode.core.outbound.reach import LONGEST_URL
from activkode.doors.machines.shapes import Activation, Count, Event, Time

WEBHOOK_ID = r"^whk_[1-9][0-9]{0,17}$"
DELIVERY_ID = r"^dlv_[1-9][0-9]{0,17}$"
_LIMIT = Annotated[int, Meta(ge=1, le=200)]
_NEXT = "`next_cursor` of the part before."
_LABEL = r"[a-z0-9]([a-z0-9-]{0,20}[a-z0-9])?"
_PLAIN_URL = rf"^https://({_LABEL}\.){{1,5}}[a-z][a-z]{{1,20}}(/[A-Za-z0-9_.~-]{{0,50}}){{0,5}}$"

WebhookId = Annotated[str, Meta(pattern=WEBHOOK_ID, examples=["whk_1"])]
DeliveryId = Annotated[str, Meta(pattern=DELIVERY_ID, examples=["dlv_1"])]
Url = Annotated[
    str,
    Meta(
        max_length=LONGEST_URL,
        description="https, a public host, port 443 or from 1024 on; no user, no fragment, ASCII only.",
        examples=["https://hooks.example.com/activkode"],
        # Narrower than what is taken: what is taken besides is for who knows what they do.
        extra_json_schema={"pattern": _PLAIN_URL},
    ),
]
Description = Annotated[str, Meta(max_length=200, pattern=r"^[^\u0000-\u001f\u007f]*$")]


class Topic(StrEnum):
    """What can be told. Most are what it is about and the state it comes to."""

    ACTIVATION_OPENED = "activation.opened"
    ACTIVATION_REQUESTING = "activation.requesting"
    ACTIVATION_WAITING = "activation.waiting"
    ACTIVATION_CODE = "activation.code"
    ACTIVATION_MESSAGE = "activation.message"
    ACTIVATION_RECEIVED = "activation.received"
    ACTIVATION_COMPLETED = "activation.completed"
    ACTIVATION_CANCELLED = "activation.cancelled"
    ACTIVATION_EXPIRED = "activation.expired"
    ACTIVATION_FAILED = "activation.failed"
    BALANCE_CREDITED = "balance.credited"
    TOPUP_SEEN = "topup.seen"
    TOPUP_CONFIRMING = "topup.confirming"
    TOPUP_PRICING = "topup.pricing"
    TOPUP_ACCUMULATING = "topup.accumulating"
    TOPUP_CREDITED = "topup.credited"
    TOPUP_REPLACED = "topup.replaced"
    TOPUP_ORPHANED = "topup.orphaned"
    TOPUP_IGNORED = "topup.ignored"
    TOPUP_UNDER_CASE = "topup.under_case"
    TOPUP_REVERSED = "topup.reversed"
    WITHDRAWAL_REQUESTED = "withdrawal.requested"
    WITHDRAWAL_CONFIRMED = "withdrawal.confirmed"
    WITHDRAWAL_QUOTED = "withdrawal.quoted"
    WITHDRAWAL_AGREED = "withdrawal.agreed"
    WITHDRAWAL_FEE_WAIVED = "withdrawal.fee_waived"
    WITHDRAWAL_APPROVED = "withdrawal.approved"
    WITHDRAWAL_SIGNED = "withdrawal.signed"
    WITHDRAWAL_BROADCAST = "withdrawal.broadcast"
    WITHDRAWAL_PAYOUT_FAILED = "withdrawal.payout_failed"
    WITHDRAWAL_PAID = "withdrawal.paid"
    WITHDRAWAL_REJECTED = "withdrawal.rejected"
    WITHDRAWAL_CANCELLED = "withdrawal.cancelled"
    WITHDRAWAL_RETURNED = "withdrawal.returned"
    CASE_OPENED = "case.opened"
    CASE_RESUMED = "case.resumed"
    CASE_ANSWERED = "case.answered"
    CASE_ASKED = "case.asked"
    CASE_INTERIM = "case.interim"
    CASE_DECIDED = "case.decided"
    CASE_REOPENED = "case.reopened"
    CASE_CLOSED = "case.closed"


Topics = Annotated[list[Topic], Meta(min_length=1, max_length=100)]
WebhookState = Literal["active", "paused", "disabled"]
DeliveryState = Literal["pending", "delivered", "failed", "skipped"]


# --- what comes in ---


class WebhooksQuery(Struct, forbid_unknown_fields=True, frozen=True):
    """Which part of the webhooks, newest first."""

    limit: _LIMIT = 50
    cursor: Annotated[str, Meta(pattern=WEBHOOK_ID, description=_NEXT)] | UnsetType = UNSET


class DeliveriesQuery(Struct, forbid_unknown_fields=True, frozen=True):
    """Which deliveries, newest first."""

    state: DeliveryState | UnsetType = UNSET
    limit: _LIMIT = 50
    cursor: Annotated[str, Meta(pattern=DELIVERY_ID, description=_NEXT)] | UnsetType = UNSET


class WebhookWanted(Struct, forbid_unknown_fields=True, kw_only=True, frozen=True):
    """Where to tell what. Without `events`, or with null, everything is told."""

    url: Url
    events: Topics | None = None
    description: Description = ""


class WebhookChange(Struct, forbid_unknown_fields=True, kw_only=True, frozen=True):
    """What is to be different. `active` false pauses; true goes on with what was missed, or with `skip_missed` from now."""

    url: Url | UnsetType = UNSET
    events: Topics | UnsetType | None = UNSET
    description: Description | UnsetType = UNSET
    active: bool | UnsetType = UNSET
    skip_missed: bool = False


# --- what goes out ---


class Webhook(Struct, frozen=True):
    """Where a customer is told. `reason` says why it was disabled; `failures` are events in a row that were given up."""

    id: WebhookId
    url: str
    events: list[Topic] | None
    description: str
    state: WebhookState
    reason: str | None
    disabled_at: Time | None
    failures: Count
    created_at: Time


class WebhookMade(Struct, frozen=True):
    """A new webhook and the secret that signs what it is sent: shown this once."""

    webhook: Webhook
    secret: Annotated[str, Meta(pattern=r"^whsec_[A-Za-z0-9+/=]{24,}$")]


class WebhookRemoved(Struct, frozen=True):
    """It is gone, with its deliveries."""

    id: WebhookId
    removed: bool


class Try(Struct, frozen=True):
    """One try: the status that came back and the beginning of the answer, or the error."""

    at: Time
    status: int | None
    error: str | None
    milliseconds: Count
    answer: str


class Delivery(Struct, frozen=True):
    """An event for a webhook. `event` is its `webhook-id`, the same in every try; `body` is left out of lists."""

    id: DeliveryId
    webhook: WebhookId
    event: str
    type: str
    state: DeliveryState
    created_at: Time
    attempts: Count
    next_try_at: Time | None
    tries: list[Try]
    body: str | UnsetType = UNSET


class Told(Event, frozen=True, omit_defaults=True):
    """The data of an event in a stream, and the activation as it stood when the event was first sent."""

    current: Activation | None = None


class Body(Struct, frozen=True):
    """What a webhook is sent."""

    type: str
    timestamp: Time
    data: Told
