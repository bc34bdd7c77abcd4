"""DKIM (RFC 6376, 8301, 8463), stricter than the standard asks: a signature counts only when it covers the whole body and
what is read here, by a key that is strong, in force and not on trial. Time and memory grow with the mail's size alone.
"""

import hashlib
import re
from base64 import b64decode
from binascii import Error as NotBase64
from collections.abc import Iterator
from dataclasses import dataclass

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.asymmetric.utils import Prehashed
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import load_der_public_key

from activkode.mailbox.reading.headers import Field, Headed
from activkode.mailbox.reading.lookups import Lookups
from activkode.mailbox.reading.sender import LABEL

MOST_SIGNATURES = 8
KEY_BITS = range(1024, 8193)
FUTURE_SECONDS = 3600  # clocks that run ahead
PIECE = 1 << 20


class Unproven(Exception):
    """A signature that does not count; the text says why, in a word or two."""


@dataclass(frozen=True, slots=True)
class Signature:
    """What a DKIM-Signature says, checked for form."""

    field: Field
    tags: dict[str, str]
    domain: str
    header_form: str
    body_form: str
    covered: tuple[str, ...]


def signatures(mail: Headed) -> Iterator[Signature]:
    """The topmost signatures that are well formed, whosever they are."""
    for field in list(mail.all("dkim-signature"))[:MOST_SIGNATURES]:
        try:
            yield _read(field)
        except Unproven:
            continue


def prove(mail: Headed, signature: Signature, lookups: Lookups, now: int) -> None:
    """Returns when the signature stands for the mail as it is read here at `now` (seconds since 1970). Raises Unproven,
    and what the lookups raise."""
    _in_force(signature, now)
    _covers_what_is_read(mail, signature)
    if _body_hash(mail, signature.body_form) != _octets(signature.tags["bh"]):
        raise Unproven("body changed")
    key = _key(signature, lookups)
    digest = hashlib.sha256(_signed_octets(mail, signature)).digest()
    try:
        if isinstance(key, RSAPublicKey):
            key.verify(_octets(signature.tags["b"]), digest, PKCS1v15(), Prehashed(SHA256()))
        else:
            key.verify(_octets(signature.tags["b"]), digest)
    except InvalidSignature:
        raise Unproven("signature does not fit") from None


# --- what the signature says ---


def _read(field: Field) -> Signature:
    tags = _tags(field.value)
    if missing := {"v", "a", "b", "bh", "d", "h", "s"} - set(tags):
        raise Unproven(f"without {min(missing)}=")
    header_form, _, body_form = tags.get("c", "simple/simple").lower().partition("/")
    forms = (header_form, body_form or "simple")
    domain = tags["d"].lower()
    if tags["v"] != "1" or tags["a"].lower() not in ALGORITHMS or not {*forms} <= {"simple", "relaxed"}:
        raise Unproven("unknown form")
    if "l" in tags:
        raise Unproven("l= leaves an end unsigned")
    if (
        tags.get("q", "dns/txt") != "dns/txt"
        or not DOMAIN.fullmatch(domain)
        or not SELECTOR.fullmatch(tags["s"])
    ):
        raise Unproven("unknown place of the key")
    agent = tags.get("i", f"@{domain}").lower().rpartition("@")[2]
    if agent != domain and not agent.endswith(f".{domain}"):
        raise Unproven("i= is not of d=")
    covered = tuple(name.strip().lower() for name in tags["h"].split(":"))
    return Signature(field, tags, domain, *forms, covered)


def _in_force(signature: Signature, now: int) -> None:
    times = {name: signature.tags[name] for name in ("t", "x") if name in signature.tags}
    if not all(NUMBER.fullmatch(value) for value in times.values()):
        raise Unproven("malformed time")
    signed, ends = int(times.get("t", 0)), int(times["x"]) if "x" in times else None
    if signed > now + FUTURE_SECONDS:
        raise Unproven("signed in the future")
    if ends is not None and (ends <= now or ends <= signed):
        raise Unproven("expired")


def _covers_what_is_read(mail: Headed, signature: Signature) -> None:
    wanted = {name for name in ("from", "subject") if mail.has(name)}
    if not wanted <= set(signature.covered):
        raise Unproven("does not cover " + min(wanted - set(signature.covered)))


# --- the key ---


def _key(signature: Signature, lookups: Lookups) -> RSAPublicKey | Ed25519PublicKey:
    records = lookups.texts(f"{signature.tags['s'].lower()}._domainkey.{signature.domain}")
    if len(records) != 1:
        raise Unproven("no key, or several")
    tags = _tags(records[0])
    kind, _, digest = signature.tags["a"].lower().partition("-")
    flags = tags.get("t", "").lower().replace(" ", "").split(":")
    if tags.get("v", "DKIM1") != "DKIM1" or tags.get("k", "rsa").lower() != kind:
        raise Unproven("key of another kind")
    if digest not in tags.get("h", digest).lower().replace(" ", "").split(":"):
        raise Unproven("key for another digest")
    if not {"*", "email"} & set(tags.get("s", "*").lower().replace(" ", "").split(":")):
        raise Unproven("key for another service")
    if "y" in flags:
        raise Unproven("key on trial")
    agent = signature.tags.get("i", f"@{signature.domain}").lower().rpartition("@")[2]
    if "s" in flags and agent != signature.domain:
        raise Unproven("key for the domain alone")
    if not tags.get("p"):
        raise Unproven("key revoked")
    return _loaded(kind, _octets(tags["p"]))


def _loaded(kind: str, octets: bytes) -> RSAPublicKey | Ed25519PublicKey:
    try:
        key = Ed25519PublicKey.from_public_bytes(octets) if kind == "ed25519" else load_der_public_key(octets)
    except (ValueError, UnsupportedAlgorithm):
        raise Unproven("unreadable key") from None
    if isinstance(key, Ed25519PublicKey):
        return key
    if not isinstance(key, RSAPublicKey) or key.key_size not in KEY_BITS:
        raise Unproven("weak key")
    return key


# --- what is signed (RFC 6376, 3.4 and 3.7) ---


def _signed_octets(mail: Headed, signature: Signature) -> bytes:
    left: dict[str, list[Field]] = {}
    for field in mail.fields:
        left.setdefault(field.name, []).append(field)
    chosen = [left[name].pop() for name in signature.covered if left.get(name)]
    own = Field(signature.field.name, B_VALUE.sub(rb"\1", signature.field.octets, count=1))
    form = _relaxed if signature.header_form == "relaxed" else _simple
    return b"".join(form(field) + b"\r\n" for field in chosen) + form(own)


def _simple(field: Field) -> bytes:
    return field.octets


def _relaxed(field: Field) -> bytes:
    value = b" ".join(field.value.replace(b"\r\n", b"").replace(b"\t", b" ").split(b" "))
    return field.name.encode() + b":" + _single_spaced(value).strip(b" ")


def _body_hash(mail: Headed, form: str) -> bytes:
    """SHA-256 of the body's canonical form, a piece at a time: mails may be large."""
    raw, start = mail.raw, mail.body
    end = _last_line_end(raw, start, b"\r\n \t" if form == "relaxed" else b"\r\n")
    digest = hashlib.sha256()
    while start < end:
        cut = raw.find(b"\r\n", min(start + PIECE, end), end)
        stop = end if cut < 0 else cut + 2
        piece = raw[start:stop]
        if form == "relaxed":
            piece = _single_spaced(piece.replace(b"\t", b" ")).replace(b" \r\n", b"\r\n").rstrip(b" ")
        digest.update(piece)
        start = stop
    if end > mail.body or form == "simple":
        digest.update(b"\r\n")
    return digest.digest()


def _last_line_end(raw: bytes, start: int, empty: bytes) -> int:
    """Where the body ends without the empty lines behind it."""
    end = len(raw)
    while end > start:
        piece = raw[max(start, end - PIECE) : end]
        if kept := piece.rstrip(empty):
            return end - len(piece) + len(kept)
        end -= len(piece)
    return end


def _single_spaced(octets: bytes) -> bytes:
    """Each run of spaces as one, in a time that grows with the length alone."""
    while b"  " in octets:
        octets = octets.replace(b"  ", b" ")
    return octets


# --- tag=value lists (RFC 6376, 3.2) ---


def _tags(octets: bytes) -> dict[str, str]:
    try:
        pieces = octets.decode("ascii").strip().removesuffix(";").split(";")
    except UnicodeDecodeError:
        raise Unproven("not ASCII") from None
    tags: dict[str, str] = {}
    for piece in pieces:
        name, equals, value = piece.partition("=")
        name = name.strip(BLANK)
        if not equals or not TAG.fullmatch(name) or name in tags:
            raise Unproven("malformed tags")
        tags[name] = "".join(value.split()) if name in UNSPACED else value.strip(BLANK)
    return tags


def _octets(text: str) -> bytes:
    try:
        return b64decode(text, validate=True)
    except (NotBase64, ValueError):
        raise Unproven("not base64") from None


ALGORITHMS = ("rsa-sha256", "ed25519-sha256")  # RFC 8301: not rsa-sha1
BLANK = " \t\r\n"
UNSPACED = ("b", "bh", "p", "h")
TAG = re.compile(r"[A-Za-z][A-Za-z0-9_]*", re.ASCII)
NUMBER = re.compile(r"[0-9]{1,12}", re.ASCII)
DOMAIN = re.compile(rf"(?:{LABEL}\.)+{LABEL}", re.ASCII)
SELECTOR = re.compile(r"[A-Za-z0-9_](?:[A-Za-z0-9._-]{0,100}[A-Za-z0-9_])?", re.ASCII)
B_VALUE = re.compile(rb"((?:^[^:]*:|;)[ \t\r\n]*b[ \t\r\n]*=)[^;]*")
