"""Public ids: a prefix and the number; the number alone serves the compatibility dialects."""

import re

from activkode.core.errors import Code, Refusal

ACTIVATION = "act_"
DEPOSIT = "dep_"
WEBHOOK = "whk_"
DELIVERY = "dlv_"
CASE = "case_"
WITHDRAWAL = "wdr_"
PAYOUT = "pay_"
_NUMBER = re.compile(r"[1-9][0-9]{0,17}", re.ASCII)


def show(prefix: str, number: int) -> str:
    """The public form of an id."""
    return f"{prefix}{number}"


def read(prefix: str, text: str, unknown: Code = Code.NOT_FOUND) -> int:
    """The number of a public id. Raises Refusal(unknown) for anything else: a wrong id is as unknown as a foreign one."""
    number = text.removeprefix(prefix)
    if number == text or _NUMBER.fullmatch(number) is None:
        raise Refusal(unknown)
    return int(number)
