"""What our own mail server found, from its Authentication-Results (RFC 8601). Anybody can write such a field: only the
topmost one that bears our server's name counts, and it has to stand where nobody but our own servers can have put it.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from activkode.mailbox.reading.headers import LONGEST_READ, Headed


@dataclass(frozen=True, slots=True)
class Trusted:
    """The name (authserv-id) that our mail server gives itself. What stands above the topmost Received was added by our own
    servers. One that puts its results below its own Received needs `hops` 1, and has to take out fields that others wrote
    in its name (RFC 8601, 5), since those may stand there too."""

    name: str
    hops: int = 0


def dmarc_passed(mail: Headed, trusted: Trusted, domain: str) -> bool | None:
    """Whether our server says that DMARC passed for this domain of From; None where it says nothing at all. What cannot
    be read is no reason to look further down."""
    hops = 0
    for field in mail.fields:
        hops += field.name == "received"
        if hops > trusted.hops:
            return None
        if field.name == "authentication-results":
            found = _read(field.plain) if len(field.octets) < LONGEST_READ else None
            if found is None:
                return False
            if found[0] == trusted.name.lower():
                return _passed(found[1], domain)
    return None


def _passed(results: list[dict[str, str]], domain: str) -> bool:
    dmarc = [result for result in results if "dmarc" in result]
    return (
        len(dmarc) == 1
        and dmarc[0]["dmarc"] == "pass"
        and dmarc[0].get("header.from", "").rpartition("@")[2] == domain
    )


def _read(value: str) -> tuple[str, list[dict[str, str]]] | None:
    """The server's name and each result's words; None for what does not keep to the grammar."""
    tokens = list(_tokens(value))
    if not tokens or "" in tokens:
        return None
    pieces: list[list[str]] = [[]]
    for word in tokens:
        if word == ";":
            pieces.append([])
        else:
            pieces[-1].append(word)
    head, *rest = pieces
    if not head or head[1:] not in ([], ["1"]):
        return None
    results = [_result(piece) for piece in rest if piece not in ([], ["none"])]
    return None if None in results else (head[0].strip('"').lower(), [each for each in results if each])


def _result(tokens: list[str]) -> dict[str, str] | None:
    """`method=result` and its properties; None where it is malformed or says something twice."""
    words: dict[str, str] = {}
    if len(tokens) % 3:
        return None
    for place in range(0, len(tokens), 3):
        name, equals, said = tokens[place : place + 3]
        name = name.partition("/")[0].lower()
        if equals != "=" or name in words or name[:1] == '"' or said == "=":
            return None
        words[name] = said.strip('"').lower()
    return words


def _tokens(value: str) -> Iterator[str]:
    """Words, quoted texts, `=` and `;`; "" for what is none of these."""
    plain = _without_comments(value)
    place = 0
    for match in TOKEN.finditer(plain):
        if match.start() != place:
            yield ""
        place = match.end()
        if not match[0].isspace():
            yield match[0]
    if place != len(plain):
        yield ""


def _without_comments(value: str) -> str:
    """The value with a space for each comment (RFC 5322, 3.2.2): they nest, and a quote in one quotes nothing. One that
    does not end leaves a sign that is malformed."""
    kept: list[str] = []
    depth, quoted = 0, False
    signs = iter(value)
    for sign in signs:
        taken = sign + next(signs, "") if sign == "\\" else sign
        if sign == '"' and not depth:
            quoted = not quoted
        if sign == "(" and not quoted:
            depth += 1
        if not depth:
            kept.append(taken)
        if sign == ")" and not quoted and depth:
            depth -= 1
            kept.append(" ")
    return "".join(kept) + (MALFORMED if depth else "")


MALFORMED = "("
TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|[=;]|\s+|[^\s"()=;\\]+')
