"""The two files of signing offline and the one definition of their forms: an unsigned payout as it is exported, and a signed
one as it comes back. `activkode sign-payout` reads the first and writes the second. Must never hold a key.

Unsigned: {"payout": "pay_17", "asset", "body", ...}; body is all that a signer needs, the rest is for a person's eyes.
Signed: {"payout": "pay_17", "asset", "raw": hex}.
"""

import io
import json
import re
import zipfile
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from activkode.core import audit_log, ids
from activkode.core.errors import Code, Refusal
from activkode.core.money import coins
from activkode.funding.policy import BY_ASSET, FEES, Asset
from activkode.withdrawals import payouts, read
from activkode.withdrawals.chains.base import Mismatch, Payer, Signed
from activkode.withdrawals.policy import Kind
from activkode.withdrawals.read import Payout, Transaction

MOST_BYTES = 1_000_000
_RAW = re.compile(r"(0x)?((?:[0-9a-fA-F]{2})+)")


@dataclass(frozen=True, slots=True)
class SignedFile:
    """A signed file as it was read: what it claims to be is still to be checked."""

    payout: int
    asset: Asset
    raw: bytes


def unsigned(payout: Payout, transaction: Transaction) -> str:
    """The file of an unsigned transaction, as text."""
    return json.dumps(_unsigned(payout, transaction), indent=2) + "\n"


def name(transaction: Transaction) -> str:
    """What the file is called: pay_17-1.json."""
    return f"{ids.show(ids.PAYOUT, transaction.payout)}-{transaction.number}.json"


def together(files: Iterable[tuple[Payout, Transaction]]) -> bytes:
    """Several of them in one archive, each a file of its own: so many are signed one by one."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for payout, transaction in files:
            archive.writestr(name(transaction), unsigned(payout, transaction))
    return stream.getvalue()


def read_signed(content: bytes) -> SignedFile:
    """What a signed file says. Raises Refusal(invalid_request)."""
    try:
        found = json.loads(content[: MOST_BYTES + 1])
        number, asset, raw = (
            ids.read(ids.PAYOUT, found["payout"]),
            Asset(found["asset"]),
            _RAW.fullmatch(found["raw"]),
        )
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError, Refusal):
        raise _refused(
            "This is no signed payout: a file with payout, asset and raw, as sign-payout writes it."
        ) from None
    if raw is None:
        raise _refused("What this file calls raw is not hexadecimal.")
    return SignedFile(number, asset, bytes.fromhex(raw[2]))


def take(file: SignedFile, payer: Payer, *, by: str) -> Signed:
    """Keeps a signed transaction, for whichever transaction of the payout it is. Raises Refusal(not_found, invalid_request,
    signed_otherwise), TryLater, and Mismatch with the first difference from the newest one that is still to be signed."""
    payout = read.payout(file.payout)
    if payout.asset != file.asset:
        raise _refused(f"{ids.show(ids.PAYOUT, file.payout)} pays {payout.asset}, not {file.asset}.")
    told: Mismatch | None = None
    for transaction in reversed(read.transactions(payout.customer, payout.id)):
        try:
            return payouts.take_signed(transaction, payer, file.raw, by=by)
        except Mismatch as mismatch:
            told = told or mismatch
    raise told or Mismatch("There is no transaction to be signed.")


def note_exported(transaction: Transaction, withdrawal_id: int, *, by: str) -> None:
    """A line in the audit log: from the first of them on somebody may have signed it. Raises TryLater."""
    of = {"payout": transaction.payout, "number": transaction.number}
    audit_log.note(by, "payout exported", f"withdrawal {withdrawal_id}", **of)


def _unsigned(payout: Payout, transaction: Transaction) -> dict[str, Any]:
    amount = coins(payout.amount, BY_ASSET[payout.asset].decimals)
    fee = coins(transaction.fee, FEES[payout.asset].decimals)
    return {
        "payout": ids.show(ids.PAYOUT, payout.id),
        "number": transaction.number,
        "withdrawal": ids.show(ids.WITHDRAWAL, payout.withdrawal),
        "asset": str(payout.asset),
        "pays": f"{amount} to {payout.destination}"
        if transaction.kind == Kind.PAY
        else "nobody but ourselves",
        "fee_at_most": f"{fee} {transaction.fee_coin}",
        "expires_at": transaction.expires_at.isoformat() if transaction.expires_at else None,
        "body": transaction.body,
    }


def _refused(told: str) -> Refusal:
    return Refusal(Code.INVALID_REQUEST, told)
