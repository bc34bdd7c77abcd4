"""Signatures on secp256k1 as Ethereum and TRON use them: who signed, read off the signature. Pure; holds no key."""

from coincurve import PublicKey
from Crypto.Hash import keccak

ORDER = 0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFEBAAEDCE6AF48A03BBFD25E8CD0364141
_NUMBER_BYTES = 32
_ADDRESS_BYTES = 20


class BadSignature(ValueError):
    """It is none, or not the one form of it that is allowed. The text says what is wrong."""


def keccak256(content: bytes) -> bytes:
    """Ethereum's hash, which is not SHA-3 as it was standardized."""
    return keccak.new(digest_bits=256, data=content).digest()


def address_of(public: PublicKey) -> bytes:
    """The twenty bytes by which both chains call the owner of a key."""
    return keccak256(public.format(compressed=False)[1:])[-_ADDRESS_BYTES:]


def signer_of(digest: bytes, r: int, s: int, parity: int) -> bytes:
    """The twenty bytes of whoever signed the digest. Raises BadSignature, also for the twin that every signature has (EIP-2:
    s in the upper half), so that a transaction has one id alone."""
    if parity not in (0, 1):
        raise BadSignature(f"its parity is {parity}")
    if not 0 < r < ORDER or not 0 < s <= ORDER // 2:
        raise BadSignature("its s is in the upper half, or a number is out of range")
    wire = r.to_bytes(_NUMBER_BYTES) + s.to_bytes(_NUMBER_BYTES) + bytes([parity])
    try:
        return address_of(PublicKey.from_signature_and_message(wire, digest, hasher=None))
    except Exception as error:  # the library raises it bare
        raise BadSignature("nobody can have made it") from error
