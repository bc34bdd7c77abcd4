"""The demo's wallets that pay withdrawals out, and its hot signer's files: made up at the first start, kept in var/signer,
for their owner alone. Must never hand a key to another process than the signer.
"""

import json
import os
import secrets
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from activkode.doors.demo.chain_settings import ETHEREUM_ID, USDT

_LIMITS = {
    "USDT-TRC20": {"payout": "10000", "day": "100000", "fee": "60", "fee_day": "3000"},
    "BTC": {"payout": "0.5", "day": "5", "fee": "0.002", "fee_day": "0.02"},
    "ETH": {"payout": "5", "day": "50", "fee": "0.02", "fee_day": "0.5"},
}
# A test network's, for none of these keys was ever worth anything on a real one.
_ACCOUNT = "m/84h/1h/0h"


def environment(var: Path, tron: int) -> dict[str, str]:
    """The setting by which the wallets' public side is known, by the port of the fake TRON node."""
    public = _read(_place(var) / "public.json") or _make(_place(var))
    public["tron"] = public["tron"] | {"http_url": f"http://127.0.0.1:{tron}"}
    return {"ACTIVKODE_PAYOUTS": json.dumps(public)}


def signer_environment(var: Path, port: int) -> dict[str, str]:
    """What the signer alone is told."""
    files = {"KEYS": "keys.json", "LIMITS": "limits.json", "JOURNAL": "journal", "SECRET_FILE": "secret"}
    found = {f"ACTIVKODE_SIGNER_{name}": str(_place(var) / file) for name, file in files.items()}
    return found | {"ACTIVKODE_SIGNER_LISTEN": f"127.0.0.1:{port}"}


def caller_environment(var: Path, port: int) -> dict[str, str]:
    """What the clock alone is told, which asks the signer."""
    return {
        "ACTIVKODE_SIGNER_URL": f"http://127.0.0.1:{port}",
        "ACTIVKODE_SIGNER_SECRET_FILE": str(_place(var) / "secret"),
    }


def _place(var: Path) -> Path:
    return var / "signer"


def _read(path: Path) -> dict[str, Any] | None:
    try:
        return dict(json.loads(path.read_text()))
    except FileNotFoundError:
        return None


def _make(place: Path) -> dict[str, Any]:
    """New wallets; the public side is written last, so that what is there is whole."""
    place.mkdir(mode=0o700, exist_ok=True)
    account, bitcoin = _bitcoin()
    key, ethereum, tron = _secp256k1()
    keys = {
        "BTC": {"account": account, "network": "regtest"},
        "ETH": {"private_key": key, "chain_id": ETHEREUM_ID},
        "USDT-TRC20": {"private_key": key, "contract": USDT},
    }
    public = {"bitcoin": bitcoin, "ethereum": {"address": ethereum}, "tron": {"address": tron}}
    _write(place / "keys.json", json.dumps(keys, indent=2))
    _write(place / "limits.json", json.dumps(_LIMITS, indent=2))
    _write(place / "secret", secrets.token_urlsafe(48))
    _write(place / "public.json", json.dumps(public, indent=2))
    return public


def _bitcoin() -> tuple[str, Mapping[str, str]]:
    from embit import bip32, script
    from embit.networks import NETWORKS

    network = NETWORKS["regtest"]
    root = bip32.HDKey.from_seed(os.urandom(32), version=network["xprv"])
    account = root.derive(_ACCOUNT)
    first = script.p2wpkh(account.derive([0, 0]).get_public_key()).address(network)
    public = account.to_public().to_base58(version=network["zpub"])
    origin = f"{root.my_fingerprint.hex()}/{_ACCOUNT.removeprefix('m/')}"
    return account.to_base58(), {"xpub": public, "first_address": first, "origin": origin}


def _secp256k1() -> tuple[str, str, str]:
    """A key, and its address on both chains."""
    from coincurve import PrivateKey

    from activkode.withdrawals.chains.curve import address_of
    from activkode.withdrawals.chains.tron_forms import shown

    key = PrivateKey()
    address = "0x" + address_of(key.public_key).hex()
    return key.to_hex(), address, shown(address)


def _write(path: Path, content: str) -> None:
    path.unlink(missing_ok=True)
    with os.fdopen(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "w") as stream:
        stream.write(content + "\n")
        stream.flush()
        os.fsync(stream.fileno())
