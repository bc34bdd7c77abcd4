"""Published keys and addresses: BIP84, BIP86, and the accounts that wallets and development nodes print for two well-known
phrases. Nobody's money is on them. The private forms are here to be refused.
"""

from typing import Any

# "abandon" eleven times, then "about".
ZPUB = "zpub6rFR7y4Q2AijBEqTUquhVz398htDFrtymD9xYYfG1m4wAcvPhXNfE3EfH1r1ADqtfSdVCToUG868RvUUkgDKf31mGDtKsAYz2oz2AGutZYs"
ZPRV = "zprvAdG4iTXWBoARxkkzNpNh8r6Qag3irQB8PzEMkAFeTRXxHpbF9z4QgEvBRmfvqWvGp42t42nvgGpNgYSJA9iefm1yYNZKEm7z6qUWCroSQnE"
BIP84 = (
    (0, "bc1qcr8te4kr609gcawutmrza0j4xv80jy8z306fyu"),
    (1, "bc1qnjg0jd8228aq7egyzacy8cys3knf9xvrerkf9g"),
)
BIP86_XPUB = "xpub6BgBgsespWvERF3LHQu6CnqdvfEvtMcQjYrcRzx53QJjSxarj2afYWcLteoGVky7D3UKDP9QyrLprQ3VCECoY49yfdDEHGCtMMj92pReUsQ"
BIP86 = (
    (
        0,
        "bc1p5cyxnuxmeuwuvkwfem96lqzszd02n6xdcjrs20cac6yqjjwudpxqkedrcr",
        "5120a60869f0dbcf1dc659c9cecbaf8050135ea9e8cdc487053f1dc6880949dc684c",
    ),
    (
        1,
        "bc1p4qhjn9zdvkux4e44uhx8tc55attvtyu358kutcqkudyccelu0was9fqzwh",
        "5120a82f29944d65b86ae6b5e5cc75e294ead6c59391a1edc5e016e3498c67fc7bbb",
    ),
)
ETH_XPUB = "xpub6DCoCpSuQZB2jawqnGMEPS63ePKWkwWPH4TU45Q7LPXWuNd8TMtVxRrgjtEshuqpK3mdhaWHPFsBngh5GFZaM6si3yZdUsT8ddYM3PwnATt"
ETH = ((0, "0x9858EfFD232B4033E47d90003D41EC34EcaEda94"), (1, "0x6Fac4D18c912343BF86fa7049364Dd4E424Ab9C0"))
TRON_XPUB = "xpub6D1AabNHCupeiLM65ZR9UStMhJ1vCpyV4XbZdyhMZBiJXALQtmn9p42VTQckoHVn8WNqS7dqnJokZHAHcHGoaQgmv8D45oNUKx6DZMNZBCd"
TRON = ((0, "TUEZSdKsoDHQMeZwihtdoBiN46zxhGWYdH"),)
VPUB = "vpub5Y6cjg78GGuNLsaPhmYsiw4gYX3HoQiRBiSwDaBXKUafCt9bNwWQiitDk5VZ5BVxYnQdwoTyXSs2JHRPAgjAvtbBrf8ZhDYe2jWAqvZVnsc"
TESTNET_P2WPKH = "tb1q6rz28mcfaxtmd6v789l9rrlrusdprr9pqcpvkl"
TPUB_P2TR = "tpubDDfvzhdVV4unsoKt5aE6dcsNsfeWbTgmLZPi8LQDYU2xixrYemMfWJ3BaVneH3u7DBQePdTwhpybaKRU95pi6PMUtLPBJLVQRpzEnjfjZzX"
TESTNET_P2TR = "tb1p8wpt9v4frpf3tkn0srd97pksgsxc5hs52lafxwru9kgeephvs7rqlqt9zj"

# "test" eleven times, then "junk": what anvil and hardhat print when they start.
JUNK = "test test test test test test test test test test test junk"
ANVIL = (
    "0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266",
    "0x70997970C51812dc3A010C7d01b50e0d17dc79C8",
    "0x3C44CdDdB6a900fa2b585dd299e03d12FA4293BC",
    "0x90F79bf6EB2c4f870365E785982E1f101E93b906",
    "0x15d34AAf54267DB7D7c367839AAf71A00a2C6A65",
)

CHAINS: dict[str, Any] = {"bitcoin": {}, "ethereum": {}, "tron": {}}
KEYCHAINS: dict[str, Any] = {
    "btc_p2wpkh": {"xpub": ZPUB, "first_address": BIP84[0][1]},
    "btc_p2tr": {"xpub": BIP86_XPUB, "first_address": BIP86[0][1]},
    "eth": {"xpub": ETH_XPUB, "first_address": ETH[0][1]},
    "tron": {"xpub": TRON_XPUB, "first_address": TRON[0][1]},
}
