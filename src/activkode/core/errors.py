"""The closed list of refusals, one per thing a caller can do about it; doors translate them, operations raise them."""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any


class Code(StrEnum):
    """Every machine-readable refusal. API.md names some of them; none is ever renamed."""

    UNKNOWN_SERVICE = "unknown_service"
    UNKNOWN_COUNTRY = "unknown_country"
    UNKNOWN_ACTIVATION = "unknown_activation"
    NO_NUMBERS = "no_numbers"
    PRICE_ROSE = "price_rose"
    SERVICE_BANNED = "service_banned"
    INSUFFICIENT_BALANCE = "insufficient_balance"
    ACCOUNT_SUSPENDED = "account_suspended"
    CODE_ARRIVED = "code_arrived"
    CANCEL_LOCKED = "cancel_locked"
    ALREADY_CLOSED = "already_closed"
    NO_CODE_YET = "no_code_yet"
    NOTHING_TO_REVEAL = "nothing_to_reveal"
    WRONG_STATE = "wrong_state"
    DEPOSITS_UNAVAILABLE = "deposits_unavailable"
    INVALID_ADDRESS = "invalid_address"
    WRONG_NETWORK = "wrong_network"
    WITHDRAWAL_OPEN = "withdrawal_open"
    BELOW_MINIMUM = "below_minimum"
    NETWORK_COST = "network_cost"
    BEING_SIGNED = "being_signed"
    EMAIL_CHANGED = "email_changed"
    CONSENT_AWAITED = "consent_awaited"
    RETRY_NOT_DECIDED = "retry_not_decided"
    WALLET_MOVED = "wallet_moved"
    WALLET_FOREIGN = "wallet_foreign"
    SIGNED_OTHERWISE = "signed_otherwise"
    NO_RATE = "no_rate"
    PAYOUT_UNAVAILABLE = "payout_unavailable"
    TOO_LATE = "too_late"
    UNKNOWN_TRANSACTION = "unknown_transaction"
    ALREADY_DECIDED = "already_decided"
    DISPUTE_TOO_LATE = "dispute_too_late"
    TOPUP_ERROR_TOO_LATE = "topup_error_too_late"
    LIMIT_REACHED = "limit_reached"
    IDEMPOTENCY_KEY_REUSED = "idempotency_key_reused"
    REQUEST_IN_PROGRESS = "request_in_progress"
    INVALID_REQUEST = "invalid_request"
    INVALID_KEY = "invalid_key"
    FORBIDDEN = "forbidden"
    NOT_FOUND = "not_found"
    METHOD_NOT_ALLOWED = "method_not_allowed"
    UNSUPPORTED_MEDIA_TYPE = "unsupported_media_type"
    BODY_TOO_LARGE = "body_too_large"
    TOO_MANY_REQUESTS = "too_many_requests"
    TRY_LATER = "try_later"


@dataclass(frozen=True)
class Kind:
    """How a refusal is told: HTTP status, a sentence for a person, the policy's clause where one decides."""

    status: int
    detail: str
    clause: str | None = None


KINDS: dict[Code, Kind] = {
    Code.UNKNOWN_SERVICE: Kind(404, "There is no such service, or nothing is offered for that choice."),
    Code.UNKNOWN_COUNTRY: Kind(404, "There is no such country; use an ISO 3166 code such as GB."),
    Code.UNKNOWN_ACTIVATION: Kind(404, "There is no such activation in this account."),
    Code.NO_NUMBERS: Kind(409, "No number is free for that choice right now. Nothing was charged."),
    Code.PRICE_ROSE: Kind(409, "The price is above the price you allowed. Nothing was charged."),
    Code.SERVICE_BANNED: Kind(
        409,
        "This service bans virtual numbers. It is refused, or needs acknowledge_banned where it is open.",
        "keep.banned_service",
    ),
    Code.INSUFFICIENT_BALANCE: Kind(402, "The balance does not cover the price. Nothing was charged."),
    Code.ACCOUNT_SUSPENDED: Kind(
        403, "The account is suspended; open activations run to their end and refunds arrive.", "keep.terms"
    ),
    Code.CODE_ARRIVED: Kind(409, "A code arrived first; the activation is fulfilled.", "keep.changed_mind"),
    Code.CANCEL_LOCKED: Kind(409, "This number can be cancelled a little later."),
    Code.ALREADY_CLOSED: Kind(409, "The activation is closed already."),
    Code.NO_CODE_YET: Kind(409, "No code has arrived yet; cancel gives the price back."),
    Code.NOTHING_TO_REVEAL: Kind(409, "There is no hidden message."),
    Code.WRONG_STATE: Kind(409, "It is not in a state that allows this."),
    Code.DEPOSITS_UNAVAILABLE: Kind(409, "This asset cannot be paid in here right now."),
    Code.INVALID_ADDRESS: Kind(422, "This is no address that can be paid to."),
    Code.WRONG_NETWORK: Kind(422, "This is an address of another coin or network."),
    Code.WITHDRAWAL_OPEN: Kind(409, "There is an open withdrawal already; one at a time.", "pay.withdrawal"),
    Code.BELOW_MINIMUM: Kind(
        422, "The amount is below the least that can be withdrawn. Nothing was held.", "pay.withdrawal"
    ),
    Code.NETWORK_COST: Kind(
        409, "The network's cost beyond the flat fee would leave nothing to pay.", "pay.withdrawal"
    ),
    Code.BEING_SIGNED: Kind(409, "It is being signed; it can only be waited for now.", "pay.withdrawal"),
    Code.EMAIL_CHANGED: Kind(
        409, "The account's e-mail address was changed lately; withdrawals wait.", "pay.withdrawal"
    ),
    Code.CONSENT_AWAITED: Kind(409, "The customer is being asked to agree to the network's cost."),
    Code.RETRY_NOT_DECIDED: Kind(409, "A payout died; somebody has to decide whether to pay again."),
    Code.WALLET_MOVED: Kind(409, "The paying wallet was used meanwhile; try again."),
    Code.WALLET_FOREIGN: Kind(
        409, "Transactions left the paying wallet that are not known here; compare it with its chain first."
    ),
    Code.SIGNED_OTHERWISE: Kind(409, "Another signed transaction is kept for this already."),
    Code.NO_RATE: Kind(409, "There is no rate to trust right now; try again in a minute."),
    Code.PAYOUT_UNAVAILABLE: Kind(409, "It cannot be paid out right now."),
    Code.TOO_LATE: Kind(409, "It was asked for later than the policy allows."),
    Code.UNKNOWN_TRANSACTION: Kind(404, "There is no such top-up or withdrawal in this account."),
    Code.ALREADY_DECIDED: Kind(409, "This was decided already; new facts reopen a case once."),
    Code.DISPUTE_TOO_LATE: Kind(
        409, "The time for disputes about this activation is over.", "keep.dispute_late"
    ),
    Code.TOPUP_ERROR_TOO_LATE: Kind(
        409, "The time to tell of an error in this top-up is over.", "keep.topup_error_late"
    ),
    Code.LIMIT_REACHED: Kind(409, "There are as many of these as there may be; remove one first."),
    Code.IDEMPOTENCY_KEY_REUSED: Kind(422, "This Idempotency-Key was used with another request."),
    Code.REQUEST_IN_PROGRESS: Kind(409, "The first request with this Idempotency-Key is still running."),
    Code.INVALID_REQUEST: Kind(422, "The request is not as described in the API documentation."),
    Code.INVALID_KEY: Kind(401, "The API key is missing, wrong or revoked."),
    Code.FORBIDDEN: Kind(403, "This is not allowed for you."),
    Code.NOT_FOUND: Kind(404, "There is nothing at this address."),
    Code.METHOD_NOT_ALLOWED: Kind(405, "This address does not take that method."),
    Code.UNSUPPORTED_MEDIA_TYPE: Kind(415, "Send JSON with Content-Type: application/json."),
    Code.BODY_TOO_LARGE: Kind(413, "The request body is too large."),
    Code.TOO_MANY_REQUESTS: Kind(429, "Too many requests; Retry-After says when to come back."),
    Code.TRY_LATER: Kind(503, "The service cannot answer right now; nothing was done. Try again later."),
}


@dataclass(eq=False)  # not frozen: context managers set __traceback__
class Refusal(Exception):
    """A request that is refused in the caller's own terms. `extra` holds plain values for the answer."""

    code: Code
    detail: str = ""
    extra: dict[str, Any] = field(default_factory=dict)
    replayed: bool = False

    @property
    def kind(self) -> Kind:
        """Status, sentence and clause of this refusal."""
        return KINDS[self.code]

    @property
    def clause(self) -> str | None:
        """The policy's clause that decided, if one did."""
        return self.kind.clause

    @property
    def told(self) -> str:
        """The sentence for a person: the particular one, else the general one."""
        return self.detail or self.kind.detail

    def __str__(self) -> str:
        return f"{self.code}: {self.told}"


class TryLater(Exception):
    """The database cannot be reached: nothing was done, the peer is to repeat."""
