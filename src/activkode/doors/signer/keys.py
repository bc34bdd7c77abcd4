"""The key file: {"ETH": {"private_key": ...}, ...}, an entry for each asset that is signed. Must never show a key."""

import json
from collections.abc import Mapping
from importlib import import_module
from pathlib import Path
from typing import Any

from activkode.config.environment import SettingError
from activkode.doors.signer.coins import MODULES
from activkode.doors.signer.coins.base import Key, UnusableKey
from activkode.doors.signer.settings import private_text
from activkode.funding.policy import Asset

_NAME = "ACTIVKODE_SIGNER_KEYS"


def load(path: Path) -> dict[Asset, Key]:
    """The keys. Raises SettingError where the file is open to others, or a key cannot be used."""
    try:
        entries = json.loads(private_text(path, _NAME))
    except ValueError as error:
        if isinstance(error, SettingError):
            raise
        raise SettingError(f"{_NAME}: {path} is no JSON") from None
    if not isinstance(entries, dict) or not entries:
        raise SettingError(f"{_NAME}: {path} must be an object with an entry for each asset")
    return {asset: key for name, entry in entries.items() for asset, key in [_key(name, entry)]}


def _key(name: str, entry: Mapping[str, Any]) -> tuple[Asset, Key]:
    if name not in MODULES or not isinstance(entry, dict):
        raise SettingError(f"{_NAME}: known entries are {', '.join(MODULES)}, each an object")
    asset = Asset(name)
    try:
        key: Key = import_module(MODULES[asset]).read(entry)
    except UnusableKey as error:
        raise SettingError(f"{_NAME}: {name}: {error}") from None
    return asset, key
