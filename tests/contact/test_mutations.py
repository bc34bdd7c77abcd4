"""Forged mails, changed at random in the ways of those who try: none of them is ever taken for genuine.

The long form is `ACTIVKODE_LONG=1 .venv/bin/pytest -s tests/contact/test_mutations.py`.
"""

import os
import random
from collections.abc import Callable
from functools import cache

import pytest

from contact import letters, zone
from contact.letters import Letter

MUTATIONS = 20_000 if os.environ.get("ACTIVKODE_LONG") else 2_000
LONGEST_OCTETS = 20_000
SLICES = 8
Change = Callable[[bytes, random.Random], bytes]


@cache
def _forged() -> tuple[Letter, ...]:
    """Forged mails that no change can turn back into the genuine one that they were made of."""
    return tuple(
        letter
        for letter in letters.of("forged")
        if letter.said("sign").startswith(("-", "mallory.example")) or "key=mallory" in letter.said("sign")
    )


@cache
def _field_lines() -> tuple[bytes, ...]:
    """Header lines of genuine and forged mails: what a forger has at hand. No genuine signature here is over what the
    forged mails say, or else the mail that it is put on would be genuine."""
    mails = [letter.as_sent() for letter in (*letters.of("genuine"), *_forged())]
    heads = [
        raw.partition(b"\r\n\r\n")[0].replace(b"\r\n ", b"\0 ").replace(b"\r\n\t", b"\0\t") for raw in mails
    ]
    return tuple(sorted({line.replace(b"\0", b"\r\n") for head in heads for line in head.split(b"\r\n")}))


def _flip(raw: bytes, chance: random.Random) -> bytes:
    place = chance.randrange(len(raw))
    return raw[:place] + bytes([raw[place] ^ 1 << chance.randrange(8)]) + raw[place + 1 :]


def _cut(raw: bytes, chance: random.Random) -> bytes:
    place = chance.randrange(len(raw))
    return raw[:place] + raw[place + chance.randrange(1, 40) :]


def _repeat(raw: bytes, chance: random.Random) -> bytes:
    place = chance.randrange(len(raw))
    return raw[:place] + raw[place : place + chance.randrange(1, 80)] + raw[place:]


def _insert_sign(raw: bytes, chance: random.Random) -> bytes:
    place = chance.randrange(len(raw))
    sign = chance.choice(
        [
            b"\r",
            b"\n",
            b"\0",
            b"\r\n",
            b"\r\n\r\n",
            b"\r\n ",
            b"\t",
            b"<",
            b">",
            b",",
            b";",
            b'"',
            b"(",
            b")",
            b"@",
            b"\xff",
        ]
    )
    return raw[:place] + sign + raw[place:]


def _add_field(raw: bytes, chance: random.Random) -> bytes:
    lines = raw.split(b"\r\n")
    lines.insert(chance.randrange(min(len(lines), 12)), chance.choice(_field_lines()))
    return b"\r\n".join(lines)


def _swap_lines(raw: bytes, chance: random.Random) -> bytes:
    lines = raw.split(b"\r\n")
    one, other = (chance.randrange(len(lines)) for _ in range(2))
    lines[one], lines[other] = lines[other], lines[one]
    return b"\r\n".join(lines)


def _change_domain(raw: bytes, chance: random.Random) -> bytes:
    old, new = (
        chance.choice([name.encode() for name in (*zone.HONEST, "mallory.example", "example")])
        for _ in range(2)
    )
    return raw.replace(old, new, chance.choice([1, -1]))


def _change_case(raw: bytes, chance: random.Random) -> bytes:
    place = chance.randrange(len(raw))
    return raw[:place] + raw[place : place + 20].swapcase() + raw[place + 20 :]


CHANGES: tuple[Change, ...] = (
    _flip, _cut, _repeat, _insert_sign, _add_field, _add_field, _swap_lines, _change_domain, _change_case,
)  # fmt: skip


def _mutated(raw: bytes, chance: random.Random) -> bytes:
    for _ in range(chance.randrange(1, 5)):
        raw = chance.choice(CHANGES)(raw, chance) or b"\r\n"
    return raw


@pytest.mark.parametrize("part", range(SLICES))
def test_no_mutation_of_a_forged_mail_is_verified(part: int) -> None:
    chance = random.Random(f"forged {part}")
    honest = set(zone.HONEST)
    fooled, tried = [], MUTATIONS // SLICES

    for number in range(tried):
        letter = chance.choice(_forged())
        raw = _mutated(letter.as_sent()[:LONGEST_OCTETS], chance)
        verdict = letter.read(letter.as_received(raw)).verdict
        if verdict.verified and (verdict.sender or "").rpartition("@")[2] in honest:
            fooled.append((number, letter.name, raw))

    print(f"\nmutations {tried}: {len(fooled)} verified")
    assert fooled == []
