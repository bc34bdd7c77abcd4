"""A plain payment of Ethereum's coin as a transaction of type 2 (EIP-1559, EIP-2718): its fields, its bytes with and without
a signature, and the plain JSON in which it goes to a signer. Pure; what it cannot write, it does not read.
"""

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from activkode.withdrawals.chains import curve, rlp

FORM = "ethereum-eip1559"
_TYPE = b"\x02"
_ADDRESS_BYTES = 20
_FIELDS = 12
_QUANTITY = re.compile(r"0x(?:0|[1-9a-f][0-9a-f]{0,63})")
_ADDRESS = re.compile(r"0x[0-9a-fA-F]{40}")
# Names as nodes and wallets write them.
_NAMES = {
    "chain_id": "chainId",
    "nonce": "nonce",
    "tip": "maxPriorityFeePerGas",
    "most_price": "maxFeePerGas",
    "gas": "gas",
    "value": "value",
}


@dataclass(frozen=True, slots=True)
class Payment:
    """An unsigned payment: amounts in wei, `tip` and `most_price` in wei a unit of gas, `to` twenty bytes in lower-case
    hex. It carries no data and no access list."""

    chain_id: int
    nonce: int
    tip: int
    most_price: int
    gas: int
    to: str
    value: int

    @property
    def most_fee(self) -> int:
        """The most that it can cost, in wei."""
        return self.gas * self.most_price

    def to_sign(self) -> bytes:
        """What is hashed for the signature."""
        return _TYPE + rlp.encode(self._items())

    def digest(self) -> bytes:
        """What is signed."""
        return curve.keccak256(self.to_sign())

    def with_signature(self, r: int, s: int, parity: int) -> bytes:
        """The signed bytes."""
        signature = [rlp.number(one) for one in (parity, r, s)]
        return _TYPE + rlp.encode([*self._items(), *signature])

    def _items(self) -> list[rlp.Item]:
        numbers = (self.chain_id, self.nonce, self.tip, self.most_price, self.gas)
        return [*map(rlp.number, numbers), bytes.fromhex(self.to[2:]), rlp.number(self.value), b"", []]


@dataclass(frozen=True, slots=True)
class SignedPayment:
    """A signed one, as it was read."""

    payment: Payment
    r: int
    s: int
    parity: int

    def sender(self) -> str:
        """Whose signature it is, in lower-case hex. Raises curve.BadSignature."""
        return "0x" + curve.signer_of(self.payment.digest(), self.r, self.s, self.parity).hex()


def read_signed(raw: bytes) -> SignedPayment:
    """The payment that the bytes are. Raises ValueError for everything else."""
    if raw[:1] != _TYPE:
        raise ValueError("no transaction of type 2")
    items = rlp.decode(raw[1:])
    if isinstance(items, bytes) or len(items) != _FIELDS:
        raise ValueError("not the fields of a signed transaction of type 2")
    chain_id, nonce, tip, most_price, gas, to, value, data, access, parity, r, s = items
    if not isinstance(to, bytes) or len(to) != _ADDRESS_BYTES:
        raise ValueError("it pays no address")
    if data != b"":
        raise ValueError("it carries data")
    if access != []:
        raise ValueError("it carries an access list")
    payment = Payment(
        chain_id=rlp.number_of(chain_id),
        nonce=rlp.number_of(nonce),
        tip=rlp.number_of(tip),
        most_price=rlp.number_of(most_price),
        gas=rlp.number_of(gas),
        to="0x" + to.hex(),
        value=rlp.number_of(value),
    )
    return SignedPayment(payment, *(rlp.number_of(one) for one in (r, s, parity)))


def body_of(payment: Payment, sender: str, pays: str) -> dict[str, Any]:
    """The JSON for a signer: quantities as nodes write them, and a sentence for whoever reads it."""
    plain = asdict(payment)
    quantities = {name: hex(plain[field]) for field, name in _NAMES.items()}
    transaction = {"type": "0x2", "from": checksummed(sender), "to": checksummed(payment.to), "data": "0x"}
    return {"form": FORM, "transaction": transaction | quantities | {"accessList": []}, "pays": pays}


def payment_of(body: Mapping[str, Any]) -> Payment:
    """The payment of such a JSON. Raises ValueError for everything else, fields that it does not know included."""
    one = body.get("transaction")
    wanted = {"type", "from", "to", "data", "accessList", *_NAMES.values()}
    if body.get("form") != FORM or not isinstance(one, Mapping) or set(one) != wanted:
        raise ValueError(f"no unsigned transaction of the form {FORM}")
    if (one["type"], one["data"], one["accessList"]) != ("0x2", "0x", []):
        raise ValueError("it does more than pay")
    if not isinstance(one["to"], str) or not _ADDRESS.fullmatch(one["to"]):
        raise ValueError("it pays no address")
    numbers = {field: _quantity(one[name], name) for field, name in _NAMES.items()}
    return Payment(to=one["to"].lower(), **numbers)


def checksummed(address: str) -> str:
    """An address as it is shown (EIP-55)."""
    lower = address[2:].lower()
    marks = curve.keccak256(lower.encode()).hex()
    return "0x" + "".join(
        letter.upper() if int(mark, 16) >= 8 else letter for letter, mark in zip(lower, marks, strict=False)
    )


def _quantity(value: Any, name: str) -> int:
    if not isinstance(value, str) or not _QUANTITY.fullmatch(value):
        raise ValueError(f"{name} is no quantity")
    return int(value, 16)
