"""Where this checkout keeps what it makes at run time."""

from collections.abc import Mapping
from pathlib import Path


def var_of(environment: Mapping[str, str]) -> Path:
    """ACTIVKODE_VAR, by default var/ in the working directory; absolute."""
    return Path(environment.get("ACTIVKODE_VAR", "var")).absolute()
