"""What goes out and comes in over REST, as types: they validate, encode, and are the OpenAPI schemas.

Money is a decimal string of dollars, times are RFC 3339 in UTC with milliseconds.
"""

from typing import Annotated, Generic, Literal, TypeVar

from msgspec import UNSET, Meta, Struct, UnsetType, field

from activkode.activations.policy import FIGURES, Figure, State
from activkode.core.errors import Code
from activkode.funding.policy import Asset
from activkode.funding.policy import State as Stand
from activkode.intake.messages import Kind

ACTIVATION_ID = r"^act_[1-9][0-9]{0,17}$"
DEPOSIT_ID = r"^dep_[1-9][0-9]{0,17}$"
_SLUG = r"^[A-Za-z0-9_-]{1,40}$"
_TIME = r"^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$"
Item = TypeVar("Item")

Id = Annotated[str, Meta(pattern=ACTIVATION_ID, examples=["act_100001"])]
DepositId = Annotated[str, Meta(pattern=DEPOSIT_ID, examples=["dep_100001"])]
Coins = Annotated[
    str, Meta(pattern=r"^[0-9]+(\.[0-9]+)?$", description="Whole coins, exact.", examples=["0.0125"])
]
Dollars = Annotated[str, Meta(pattern=r"^-?[0-9]+\.[0-9]{2,6}$", description="Dollars.", examples=["0.25"])]
Price = Annotated[
    str,
    Meta(
        pattern=r"^(0|[1-9][0-9]{0,11})(\.[0-9]{1,6})?$",
        description="The price seen, or the most to pay, in dollars. A dearer offer is refused.",
        examples=["0.25"],
    ),
]
Time = Annotated[str, Meta(pattern=_TIME, examples=["2026-01-31T12:00:00.000Z"])]
Service = Annotated[str, Meta(pattern=_SLUG, description="A service's code.", examples=["demo-instant"])]
Country = Annotated[str, Meta(pattern=r"^[A-Z]{2}$", description="ISO 3166 code.", examples=["GB"])]
Operator = Annotated[
    str,
    Meta(
        pattern=r"^[!-~][ -~]{0,99}$",
        description="A network operator; for e-mail the domain.",
        examples=["any"],
    ),
]
Count = Annotated[int, Meta(ge=0)]


_NEXT = "`next_cursor` of the part before."
_Place = Annotated[str, Meta(pattern=r"^[0-9]{1,9}$", description=_NEXT)]
_Last = Annotated[str, Meta(pattern=ACTIVATION_ID, description=_NEXT)]
_Limit = Annotated[int, Meta(ge=1, le=200)]
_Moment = Annotated[
    str,
    Meta(
        max_length=40,
        description="RFC 3339, or a date, which is its beginning in UTC.",
        extra_json_schema={"anyOf": [{"format": "date-time"}, {"format": "date"}]},
    ),
]


# --- what comes in ---


# A parameter that is left out is UNSET: with None, the word "null" would be taken for it.
class NoQuery(Struct, forbid_unknown_fields=True, frozen=True):
    """No parameter is known."""


class OffersQuery(Struct, forbid_unknown_fields=True, frozen=True):
    """Which offers; the cheapest of each service come first."""

    service: Service | UnsetType = UNSET
    country: Country | UnsetType = UNSET
    kind: Kind | UnsetType = UNSET
    limit: Annotated[int, Meta(ge=1, le=1000)] = 1000
    cursor: _Place | UnsetType = UNSET


class ServicesQuery(Struct, forbid_unknown_fields=True, frozen=True):
    """Which part of the services."""

    limit: Annotated[int, Meta(ge=1, le=1000)] = 1000
    cursor: _Place | UnsetType = UNSET


class SupportQuery(Struct, forbid_unknown_fields=True, frozen=True):
    """What is asked about."""

    service: Service
    country: Country | UnsetType = UNSET


class ActivationsQuery(Struct, forbid_unknown_fields=True, frozen=True):
    """Which activations, newest first."""

    state: State | UnsetType = UNSET
    service: Service | UnsetType = UNSET
    limit: _Limit = 50
    cursor: _Last | UnsetType = UNSET


class StatementQuery(Struct, forbid_unknown_fields=True, frozen=True):
    """Movements with from <= time < to."""

    from_: _Moment | UnsetType = field(name="from", default=UNSET)
    to: _Moment | UnsetType = UNSET
    format: Literal["json", "csv", "beancount"] = "json"


class WaitQuery(Struct, forbid_unknown_fields=True, frozen=True):
    """How long to wait, and for what."""

    timeout: Annotated[float, Meta(description="Seconds; below 0 is 0, above 60 is 60.")] = 25.0
    after_revision: Annotated[
        int, Meta(ge=0, le=2**31 - 1, description="Answers as soon as the revision is above this.")
    ] = 0


class Rent(Struct, forbid_unknown_fields=True, kw_only=True, frozen=True):
    """What to rent. Without `country` and `kind` the cheapest offer of the service is taken."""

    service: Service
    country: Country | None = None
    operator: Operator | None = None
    kind: Kind | None = None
    max_price: Price | None = None
    quantity: Annotated[int, Meta(ge=1, le=FIGURES[Figure.QUANTITY_MOST])] | None = None
    acknowledge_banned: bool = False


class Nothing(Struct, forbid_unknown_fields=True, frozen=True):
    """An empty object; the body may also be left out."""


# --- what goes out ---


class Message(Struct, frozen=True):
    """A received message. Text, code and link are null while no code was found in it and it was not revealed."""

    revision: Count
    received_at: Time
    sender: str
    text: str | None
    code: str | None
    link: str | None


class Can(Struct, frozen=True):
    """What can be done now; `cancel_from` says from when on, where a lock holds."""

    cancel: bool
    complete: bool
    reveal: bool
    cancel_from: Time | UnsetType = UNSET


class Refunded(Struct, frozen=True):
    """Money that went back to the balance, the clause that says so, and when."""

    amount: Dollars
    clause: str | None
    at: Time


class Activation(Struct, frozen=True):
    """A rental of one number or address for one code."""

    id: Id
    number: Annotated[int, Meta(ge=1, description="The same id as the compatibility dialects carry it.")]
    kind: Kind
    service: str
    country: str | None
    operator: str
    price: Dollars
    state: State
    window_seconds: Count
    opened_at: Time
    expires_at: Time
    closed_at: Time | None
    revision: Annotated[int, Meta(ge=1, description="Rises with every change.")]
    messages: list[Message]
    can: Can
    refund: Refunded | None
    policy_version: int
    phone: Annotated[str, Meta(pattern=r"^\+[0-9]{5,15}$", description="E.164.")] | UnsetType = UNSET
    email: str | UnsetType = UNSET


class Several(Struct, frozen=True):
    """The answer to a quantity above 1: what was rented, and how many could not be."""

    activations: list[Activation]
    failed: Count


class RefundAnswer(Struct, frozen=True):
    """Would it be, was it, refunded."""

    activation: Id
    decision: Annotated[str, Meta(examples=["refunded", "kept", "would_be_refunded"])]
    clause: str | None
    amount: Dollars
    promised_by: Time | None
    at: Time | None
    why: str


class ServiceLine(Struct, frozen=True):
    """A site or app whose codes are received."""

    service: str
    name: str
    kinds: list[Kind]
    window_seconds: Count
    virtual_numbers: Annotated[str, Meta(examples=["allowed", "banned", "unknown"])]


class Offer(Struct, frozen=True):
    """A price for a service. `code_rate` is the share of recent activations that got a code, null while unknown."""

    service: str
    country: str | None
    operator: str
    kind: Kind
    price: Dollars
    stock: Count
    window_seconds: Count
    code_rate: Annotated[float, Meta(ge=0, le=1)] | None
    virtual_numbers: Annotated[str, Meta(examples=["allowed", "banned", "unknown"])]


class SupportCheck(Struct, frozen=True):
    """Whether the service takes virtual numbers, as far as is known, told before money moves."""

    service: str
    country: str | None
    verdict: Annotated[str, Meta(examples=["allowed", "banned", "unknown"])]
    rentable: bool
    needs_acknowledgement: bool
    reasons: list[str]


class Balance(Struct, frozen=True):
    """The customer's accounts."""

    cash: Dollars
    promo: Dollars
    held: Dollars
    withdrawing: Dollars
    total: Dollars


class Movement(Struct, frozen=True):
    """One transfer and the balances after it."""

    seq: Count
    time: Time
    movement: str
    from_: str = field(name="from")
    to: str
    reference: str
    amount: Dollars
    cash_after: Dollars
    promo_after: Dollars
    held_after: Dollars
    withdrawing_after: Dollars


class Statement(Struct, frozen=True):
    """opening + movements = closing."""

    opening: Balance
    movements: list[Movement]
    closing: Balance


class Page(Struct, Generic[Item], frozen=True):
    """Part of a list; `next_cursor` asks for the part after it and is null at the end."""

    items: list[Item]
    next_cursor: str | None


class TopupNews(Struct, frozen=True):
    """How a top-up stands at an event; `amount` is null where it is none of our assets."""

    id: DepositId
    state: Stand
    asset: Asset | None
    amount: Coins | None
    credited: Dollars | None


class WithdrawalNews(Struct, frozen=True):
    """How a withdrawal stands at an event."""

    id: Annotated[str, Meta(pattern=r"^wdr_[1-9][0-9]{0,17}$")]
    state: str
    asset: Asset
    amount: Dollars


class CaseNews(Struct, frozen=True):
    """How a case stands at an event."""

    id: Annotated[str, Meta(pattern=r"^case_[1-9][0-9]{0,17}$")]
    kind: str
    state: str
    due_at: Time


class Event(Struct, frozen=True, omit_defaults=True):
    """The data of an event in a stream; `seq` counts a customer's events without a gap."""

    seq: Count
    type: str
    at: Time
    activation: Id | None = None
    revision: Count | None = None
    state: State | None = None
    message: Message | None = None
    topup: TopupNews | None = None
    withdrawal: WithdrawalNews | None = None
    case: CaseNews | None = None


class Problem(Struct, frozen=True, omit_defaults=True):
    """A refusal (RFC 9457). `code` is from a closed list and `clause` names the policy's clause where one decides."""

    type: str
    title: str
    status: Annotated[int, Meta(ge=400, le=599)]
    detail: str
    code: Code
    request_id: str
    clause: str | None = None
    price: Dollars | None = None
    available: Dollars | None = None
    retry_after: Count | None = None
    arrived_at: Time | None = None
    activation: Activation | None = None
