"""The coins that can be signed, by the asset's name in the key file: each module offers `read(entry) -> Key`."""

from activkode.funding.policy import Asset

# Imported by name when the key file has a key for it, so that a coin's libraries are loaded by who signs it.
MODULES: dict[Asset, str] = {
    Asset.BTC: "activkode.doors.signer.coins.bitcoin",
    Asset.ETH: "activkode.doors.signer.coins.ethereum",
    Asset.USDT_TRC20: "activkode.doors.signer.coins.tron",
}
