"""A transfer of a token as a transaction of TRON (protocol.Transaction with one TriggerSmartContract): its fields, its bytes
with and without a signature, and the plain JSON in which it goes to a signer. Pure; what it cannot write, it does not read.

The bytes are written here: no node's offer of a transaction is ever signed.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from bip_utils import Base58Encoder

from activkode.funding.chains.evm_forms import TRANSFER_CALL
from activkode.withdrawals.chains import curve, protobuf

FORM = "tron-trc20-transfer"
_Fields = dict[str, protobuf.Value]

_PREFIX = b"\x41"
_TRIGGER = 31  # ContractType.TriggerSmartContract
_TRIGGER_URL = b"type.googleapis.com/protocol.TriggerSmartContract"
_WORD, _ADDRESS = 32, 20
_REF_BYTES, _REF_HASH = 2, 8
_SIGNATURE = 65
_OLD_PARITY = 27

# Numbers of fields, by message (java-tron, protocol/src/main/protos/core/Tron.proto and contract/smart_contract.proto).
_RAW = {"ref_bytes": 1, "ref_hash": 4, "expiration": 8, "contract": 11, "timestamp": 14, "fee_limit": 18}
_CONTRACT = {"type": 1, "parameter": 2}
_ANY = {"type_url": 1, "value": 2}
_CALL = {"owner": 1, "contract": 2, "data": 4}
_TRANSACTION = {"raw_data": 1, "signature": 2}


@dataclass(frozen=True, slots=True)
class Transfer:
    """An unsigned transfer. Addresses are "0x" and twenty bytes in hex; `amount` in the token's smallest unit, `fee_limit`
    in sun, times in milliseconds. `ref_bytes` and `ref_hash` name a block without which it does not count (TAPOS)."""

    owner: str
    contract: str
    to: str
    amount: int
    fee_limit: int
    ref_bytes: bytes
    ref_hash: bytes
    expiration: int
    timestamp: int

    def raw_data(self) -> bytes:
        """What is hashed: its hash is the transaction's id, and what is signed."""
        data = TRANSFER_CALL + _word(_twenty(self.to)) + _word(self.amount.to_bytes(_WORD))
        call: _Fields = {
            "owner": _PREFIX + _twenty(self.owner),
            "contract": _PREFIX + _twenty(self.contract),
            "data": data,
        }
        parameter: _Fields = {"type_url": _TRIGGER_URL, "value": _write(_CALL, call)}
        contract: _Fields = {"type": _TRIGGER, "parameter": _write(_ANY, parameter)}
        fields: _Fields = {
            "ref_bytes": self.ref_bytes,
            "ref_hash": self.ref_hash,
            "expiration": self.expiration,
            "contract": _write(_CONTRACT, contract),
            "timestamp": self.timestamp,
            "fee_limit": self.fee_limit,
        }
        return _write(_RAW, fields)

    def digest(self) -> bytes:
        """What is signed."""
        return sha256(self.raw_data()).digest()

    def txid(self) -> str:
        """The transaction's id."""
        return self.digest().hex()

    def with_signature(self, signature: bytes) -> bytes:
        """The signed bytes; the signature is r, s and the parity."""
        return _write(_TRANSACTION, {"raw_data": self.raw_data(), "signature": signature})


def read_raw(raw_data: bytes) -> Transfer:
    """The transfer that the bytes are. Raises ValueError for everything else: another contract type, a memo, an amount of
    TRX sent along, a permission, a field that nobody knows."""
    fields = _read(_RAW, raw_data)
    contract = _read(_CONTRACT, _bytes(fields["contract"]))
    parameter = _read(_ANY, _bytes(contract["parameter"]))
    if (contract["type"], parameter["type_url"]) != (_TRIGGER, _TRIGGER_URL):
        raise ValueError("no call of a contract")
    call = _read(_CALL, _bytes(parameter["value"]))
    to, amount = _transfer(_bytes(call["data"]))
    return Transfer(
        owner=_key(call["owner"]),
        contract=_key(call["contract"]),
        to=to,
        amount=amount,
        fee_limit=_number(fields["fee_limit"]),
        ref_bytes=_exactly(fields["ref_bytes"], _REF_BYTES),
        ref_hash=_exactly(fields["ref_hash"], _REF_HASH),
        expiration=_number(fields["expiration"]),
        timestamp=_number(fields["timestamp"]),
    )


@dataclass(frozen=True, slots=True)
class SignedTransfer:
    """A signed one, as it was read."""

    transfer: Transfer
    signature: bytes

    def signer(self) -> str:
        """Whose signature it is, "0x" and twenty bytes in hex. Raises curve.BadSignature."""
        r, s = (int.from_bytes(self.signature[at : at + _WORD]) for at in (0, _WORD))
        parity = self.signature[-1]
        # Wallets write the parity as Bitcoin did, from 27 on, or from nought; nodes take both.
        parity -= _OLD_PARITY if parity >= _OLD_PARITY else 0
        return "0x" + curve.signer_of(self.transfer.digest(), r, s, parity).hex()


def read_signed(raw: bytes) -> SignedTransfer:
    """The signed transfer that the bytes are. Raises ValueError for everything else."""
    fields = _read(_TRANSACTION, raw)
    return SignedTransfer(read_raw(_bytes(fields["raw_data"])), _exactly(fields["signature"], _SIGNATURE))


def body_of(transfer: Transfer, pays: str) -> dict[str, Any]:
    """The JSON for a signer: the bytes, their id, and a sentence for whoever reads it."""
    return {"form": FORM, "raw_data": transfer.raw_data().hex(), "txid": transfer.txid(), "pays": pays}


def transfer_of(body: Mapping[str, Any]) -> Transfer:
    """The transfer of such a JSON, read off its bytes alone. Raises ValueError."""
    raw_data = body.get("raw_data")
    if body.get("form") != FORM or not isinstance(raw_data, str):
        raise ValueError(f"no unsigned transaction of the form {FORM}")
    return read_raw(bytes.fromhex(raw_data))


def shown(key: str) -> str:
    """An address in TRON's own form."""
    text: str = Base58Encoder.CheckEncode(_PREFIX + _twenty(key))
    return text


def twenty_one(key: str) -> str:
    """An address as TRON's nodes are asked about it: 41 and twenty bytes, in hex."""
    return (_PREFIX + _twenty(key)).hex()


# --- parts ---


def _write(numbers: Mapping[str, int], fields: Mapping[str, protobuf.Value]) -> bytes:
    return protobuf.write({numbers[name]: value for name, value in fields.items()})


def _read(numbers: Mapping[str, int], raw: bytes) -> dict[str, protobuf.Value]:
    names = {number: name for name, number in numbers.items()}
    found = protobuf.read(raw)
    if set(found) != set(names):
        strange = sorted(set(found) ^ set(names))
        raise ValueError(f"fields are missing or too many: {', '.join(map(str, strange))}")
    return {names[number]: value for number, value in found.items()}


def _transfer(data: bytes) -> tuple[str, int]:
    head = len(TRANSFER_CALL)
    to, amount = data[head : head + _WORD], data[head + _WORD :]
    if data[:head] != TRANSFER_CALL or len(amount) != _WORD or any(to[: _WORD - _ADDRESS]):
        raise ValueError("no plain transfer of a token")
    return "0x" + to[-_ADDRESS:].hex(), int.from_bytes(amount)


def _word(value: bytes) -> bytes:
    return value.rjust(_WORD, b"\0")


def _twenty(key: str) -> bytes:
    return _exactly(bytes.fromhex(key.removeprefix("0x")), _ADDRESS)


def _key(value: protobuf.Value) -> str:
    found = _exactly(value, len(_PREFIX) + _ADDRESS)
    if found[:1] != _PREFIX:
        raise ValueError("an address of another network")
    return "0x" + found[1:].hex()


def _bytes(value: protobuf.Value) -> bytes:
    if not isinstance(value, bytes):
        raise ValueError("a number where bytes belong")
    return value


def _exactly(value: protobuf.Value, length: int) -> bytes:
    if len(found := _bytes(value)) != length:
        raise ValueError(f"{len(found)} bytes where {length} belong")
    return found


def _number(value: protobuf.Value) -> int:
    if not isinstance(value, int):
        raise ValueError("bytes where a number belongs")
    return value
