"""Signs an exported payout by hand, with the same keys, limits and journal as the process: for an operator whose keys are on
a machine without a network.
"""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from activkode.config.environment import SettingError
from activkode.doors.signer import settings
from activkode.doors.signer.coins.base import Meant
from activkode.doors.signer.journal import Broken
from activkode.doors.signer.limits import Refused
from activkode.doors.signer.run import desk_of
from activkode.funding.policy import BY_ASSET, FEES, Asset


class CannotSign(Exception):
    """Nothing was signed. The text says why."""


def sign_file(path: Path, agrees: Callable[[str], bool]) -> Path | None:
    """Signs the payout of a file {"payout", "asset", "body", ...} once `agrees` says yes to what it would pay, and gives the
    file that was written: {"payout", "asset", "raw"}. None where the answer was no. Raises CannotSign."""
    payout, asset, body = _read(path)
    try:
        desk = desk_of(settings.files())
        if not agrees(_shown(payout, desk.describe(asset, body))):
            return None
        raw = desk.sign(payout, asset, body)
    except (Refused, Broken, SettingError) as error:
        raise CannotSign(str(error)) from error
    return _write(path, {"payout": payout, "asset": asset.value, "raw": raw.hex()})


def _read(path: Path) -> tuple[str, Asset, dict[str, Any]]:
    try:
        found = json.loads(path.read_text())
        payout, asset, body = found["payout"], Asset(found["asset"]), found["body"]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise CannotSign(f"{path} is no exported payout ({type(error).__name__})") from None
    if not isinstance(payout, str) or not isinstance(body, dict):
        raise CannotSign(f"{path} is no exported payout")
    return payout, asset, body


def _write(path: Path, signed: dict[str, str]) -> Path:
    target = path.with_name(f"{path.stem}.signed.json")
    target.write_text(json.dumps(signed, indent=2) + "\n")
    return target


def _shown(payout: str, meant: Meant) -> str:
    fee = FEES[meant.asset]
    most = f"fee at most {_coins(meant.fee, fee.decimals)} {fee.coin}"
    if meant.destination is None:
        return f"{payout} pays nobody: it takes an earlier transaction's place ({most})"
    amount = _coins(meant.amount, BY_ASSET[meant.asset].decimals)
    return f"{payout} pays {amount} {meant.asset} to {meant.destination} ({most})"


def _coins(units: int, decimals: int) -> str:
    whole, parts = divmod(units, 10**decimals)
    return f"{whole}.{parts:0{decimals}d}".rstrip("0").rstrip(".")
