"""What a look of `activkode doctor` ends in. Pure."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Result:
    """One look: fine or not, what was seen, and what to do where it is not fine."""

    fine: bool
    seen: str
    remedy: str = ""
