"""Whether a mail is from the person whose address it bears: DKIM or SPF aligned as DMARC asks, by our own look or by that of
our own mail server. Every doubt makes it unverified; an unverified mail is still answered, it only proves nothing.
"""

from dataclasses import dataclass
from enum import StrEnum
from ipaddress import ip_address

from activkode.mailbox.reading import dkim, dmarc, results, sender, spf
from activkode.mailbox.reading.headers import Headed
from activkode.mailbox.reading.lookups import Dns, Lookups, TooMany, Unanswered
from activkode.mailbox.reading.results import Trusted


@dataclass(frozen=True, slots=True)
class Envelope:
    """What was said before the mail itself: the host that delivered ("" where another server of ours stands between), its
    greeting, the sender ("" for a bounce, None where nobody knows) and the recipient."""

    peer: str = ""
    helo: str = ""
    sender: str | None = None
    recipient: str = ""


class By(StrEnum):
    """What proved a mail."""

    DKIM = "dkim"
    SPF = "spf"
    SERVER = "server"
    NOTHING = ""


@dataclass(frozen=True, slots=True)
class Verdict:
    """`sender` is the one address of From, None where there is not exactly one. `again` asks to look once more later,
    since the DNS did not answer."""

    sender: str | None
    by: By = By.NOTHING
    why: tuple[str, ...] = ()
    again: bool = False

    @property
    def verified(self) -> bool:
        """Whether the mail is proven to be from its sender."""
        return self.by is not By.NOTHING


def judge(mail: Headed, envelope: Envelope, dns: Dns, now: int, trusted: Trusted | None = None) -> Verdict:
    """The verdict on a mail that came at `now` (seconds since 1970). Raises nothing."""
    address = sender.of(mail)
    if address is None:
        return Verdict(None, why=("no single plain sender",))
    if mail.flaws:
        return Verdict(address, why=tuple(sorted(mail.flaws)))
    if _was_forwarded(mail):
        return Verdict(address, why=("forwarded",))
    try:
        return _proven(mail, address, envelope, Lookups(dns), now, trusted)
    except Unanswered:
        return Verdict(address, why=("dns does not answer",), again=True)
    except TooMany:
        return Verdict(address, why=("too many questions",))


def _proven(
    mail: Headed, address: str, envelope: Envelope, lookups: Lookups, now: int, trusted: Trusted | None
) -> Verdict:
    domain = sender.domain_of(address)
    if trusted and _is_ours(envelope.peer):
        said = results.dmarc_passed(mail, trusted, domain)
        if said is not None:
            return Verdict(address, By.SERVER) if said else Verdict(address, why=("our server says no",))
    policy = dmarc.policy(domain, lookups)
    why = ["not signed"]
    for signature in dkim.signatures(mail):
        if not dmarc.aligned(signature.domain, domain, strict=policy.strict_dkim):
            why.append(f"{signature.domain}: not aligned")
            continue
        try:
            dkim.prove(mail, signature, lookups, now)
        except dkim.Unproven as error:
            why.append(f"{signature.domain}: {error}")
        else:
            return Verdict(address, By.DKIM)
    if policy.published and _spf_aligned(envelope, domain, policy, lookups):
        return Verdict(address, By.SPF)
    return Verdict(address, why=tuple(why[1:] or why))


def _spf_aligned(envelope: Envelope, domain: str, policy: dmarc.Policy, lookups: Lookups) -> bool:
    if not envelope.peer or not envelope.sender or _is_ours(envelope.peer):
        return False
    used = sender.plain(envelope.sender)
    return (
        used is not None
        and dmarc.aligned(sender.domain_of(used), domain, strict=policy.strict_spf)
        and spf.passes(envelope.peer, sender.domain_of(used), envelope.helo, lookups)
    )


def _is_ours(peer: str) -> bool:
    """Whether a server of this house handed the mail over: by LMTP or IMAP, or on this machine."""
    try:
        return not peer or ip_address(peer).is_loopback
    except ValueError:
        return False


def _was_forwarded(mail: Headed) -> bool:
    """Somebody else sent it on (FAILURES W26). A first seal (i=1, cv=none) is not yet that: large providers put it on what
    their own customers send."""
    if mail.has(*FORWARDING):
        return True
    seals = [field.plain.replace(" ", "").lower() for field in mail.all("arc-seal")]
    return len(seals) > 1 or any("cv=none" not in seal.split(";") for seal in seals)


FORWARDING = (
    "resent-from",
    "resent-to",
    "resent-sender",
    "resent-date",
    "resent-message-id",
    "x-forwarded-for",
    "x-forwarded-to",
    "x-forwarded-encrypted",
)
