"""The test's own DNS: domains with keys, SPF and DMARC, good ones and bad ones; and the signing of mails by them."""

import base64
import time
from functools import cache
from typing import Any

import dkim
from Crypto.PublicKey import RSA
from Crypto.Util.number import getPrime
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from nacl.signing import SigningKey

NOW = int(time.time())
HOST = "192.0.2.10"  # the mail server of the honest domains
HONEST = ("people.example", "strict.example", "loose.example", "firm.example", "mail.people.example")
DMARC = {
    "people.example": "v=DMARC1; p=reject",
    "strict.example": "v=DMARC1; p=reject; adkim=s; aspf=s",
    "firm.example": "v=DMARC1; p=none; sp=reject",
    "mallory.example": "v=DMARC1; p=reject",
}
SIGNED = ("from", "to", "subject", "date", "message-id", "mime-version", "content-type")


@cache
def key(name: str) -> bytes:
    """A private key by name: PEM, or for "ed25519" base64."""
    if name == "ed25519":
        return base64.b64encode(bytes(SigningKey.generate()))
    if name == "short":
        p, q = getPrime(384), getPrime(384)
        while (p - 1) * (q - 1) % 65537 == 0 or p == q:
            p = getPrime(384)
        short = RSA.construct((p * q, 65537, pow(65537, -1, (p - 1) * (q - 1))))
        return bytes(short.export_key())
    made = rsa.generate_private_key(65537, 1024 if name == "least" else 2048)
    return made.private_bytes(Encoding.PEM, PrivateFormat.TraditionalOpenSSL, NoEncryption())


@cache
def public(name: str) -> bytes:
    """The public half as it stands in a p= tag."""
    if name == "ed25519":
        return base64.b64encode(bytes(SigningKey(base64.b64decode(key(name))).verify_key))
    return base64.b64encode(RSA.import_key(key(name)).public_key().export_key("DER"))


@cache
def records() -> dict[tuple[str, str], list[Any]]:
    """Every record there is."""
    found: dict[tuple[str, str], list[Any]] = {}
    for domain in (*HONEST, "mallory.example"):
        own = "mallory" if domain == "mallory.example" else "honest"
        found[f"k1._domainkey.{domain}", "TXT"] = [b"v=DKIM1; k=rsa; p=" + public(own)]
        found[f"plain._domainkey.{domain}", "TXT"] = [b"p=" + public(own)]
        host = "198.51.100.66" if domain == "mallory.example" else HOST
        found[domain, "TXT"] = [f"v=spf1 ip4:{host} a:out.{domain} -all".encode()]
    for domain, text in DMARC.items():
        found[f"_dmarc.{domain}", "TXT"] = [text.encode()]
    found["_dmarc.loose.example", "TXT"] = []
    for selector, tags in BAD_KEYS.items():
        found[f"{selector}._domainkey.people.example", "TXT"] = [
            tags.encode() % public(BAD_OF.get(selector, "honest"))
        ]
    found["two._domainkey.people.example", "TXT"] = 2 * [b"v=DKIM1; p=" + public("honest")]
    found["ed._domainkey.people.example", "TXT"] = [b"v=DKIM1; k=ed25519; p=" + public("ed25519")]
    found["least._domainkey.people.example", "TXT"] = [b"v=DKIM1; p=" + public("least")]
    return found


BAD_KEYS = {
    "trial": "v=DKIM1; t=y; p=%s",
    "revoked": "v=DKIM1; p=%.0s",
    "short": "v=DKIM1; p=%s",
    "other": "v=DKIM1; s=tlsrpt; p=%s",
    "sha1": "v=DKIM1; h=sha1; p=%s",
    "narrow": "v=DKIM1; t=s; p=%s",
    "garbled": "v=DKIM1; p=!!%s",
    "version": "v=DKIM2; p=%s",
    "edrsa": "v=DKIM1; k=ed25519; p=%s",
}
BAD_OF = {"short": "short"}


def dns(name: str, kind: str) -> list[Any]:
    """Answers as activkode.mailbox.reading.lookups.Dns wants them."""
    return records().get((name, kind), [])


def signed(raw: bytes, domain: str, selector: str = "k1", **options: str) -> bytes:
    """The mail with a signature of the domain on top. Options: c, h, i, algorithm, length, t and x (seconds from now), key."""
    names = {"mallory.example": "mallory"}
    private = key(
        options.get("key")
        or {"short": "short", "ed": "ed25519", "least": "least"}.get(selector)
        or names.get(domain, "honest")
    )
    algorithm = "ed25519-sha256" if selector == "ed" else options.get("a", "rsa-sha256")
    signer = dkim.DKIM(raw, minkey=512, signature_algorithm=algorithm.encode())
    covered = (
        options["h"].split(":")
        if "h" in options
        else [name for name in SIGNED if f"\n{name}:".encode() in b"\n" + raw.lower()]
    )
    header_form, _, body_form = options.get("c", "relaxed/relaxed").partition("/")
    identity = options["i"].encode() if "i" in options else None
    began = time.time
    if "t" in options:
        time.time = lambda: began() + int(options["t"])
    try:
        field = signer.sign(
            selector.encode(), domain.encode(), private, identity=identity,
            canonicalize=(header_form.encode(), (body_form or "simple").encode()),
            include_headers=[name.encode() for name in covered], length="l" in options,
        )  # fmt: skip
    finally:
        time.time = began
    return bytes(field) + raw
