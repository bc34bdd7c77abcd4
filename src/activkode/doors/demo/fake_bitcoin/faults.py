"""What can be wrong with the fake node: switches that a test turns."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any


@dataclass(slots=True)
class Faults:
    """`lag_blocks`: so many of its newest blocks it does not show. `half_blocks`: it leaves out half of a block's
    transactions. `cut_bodies`: it hangs up in the middle of an answer. `twist` gets the method and the result, and gives
    what is answered instead: every other lie. `swallow_answers`: it does what it is asked, and hangs up. `refuses`: the
    words with which it turns every transaction away."""

    is_away: bool = False
    is_warming_up: bool = False
    lag_blocks: int = 0
    half_blocks: bool = False
    cut_bodies: bool = False
    swallow_answers: bool = False
    refuses: str = ""
    twist: Callable[[str, Any], Any] | None = None
