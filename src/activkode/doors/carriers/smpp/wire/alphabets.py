"""Character tables of 3GPP TS 23.038: the default alphabet, its extension, and the national languages whose
tables are kept here. Data only. A language without a table is read by the default one: digits and Latin
letters agree."""

_DIGITS = "0123456789:;<=>?"
_UPPER = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_LOWER = "abcdefghijklmnopqrstuvwxyz"
_MARKS = " !\"#¤%&'()*+,-./"

# 128 characters, index = code; 0x1B is the escape to the extension table.
BASIC = (
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞ\x1bÆæßÉ" + _MARKS + _DIGITS + "¡" + _UPPER + "ÄÖÑÜ§¿" + _LOWER + "äöñüà"
)
_TURKISH = (
    "@£$¥€éùıòÇ\nĞğ\rÅåΔ_ΦΓΛΩΠΨΣΘΞ\x1bŞşßÉ" + _MARKS + _DIGITS + "İ" + _UPPER + "ÄÖÑÜ§ç" + _LOWER + "äöñüà"
)
_PORTUGUESE = (
    "@£$¥êéúíóç\nÔô\rÁáΔ_ªÇÀ∞^\\€Ó|\x1bÂâÊÉ"
    + _MARKS.replace("¤", "º")
    + _DIGITS
    + "Í"
    + _UPPER
    + "ÃÕÚÜ§~"
    + _LOWER
    + "ãõ`üà"
)

# fmt: off
EXTENSION = {
    0x0A: "\f", 0x14: "^", 0x28: "{", 0x29: "}", 0x2F: "\\",
    0x3C: "[", 0x3D: "~", 0x3E: "]", 0x40: "|", 0x65: "€",
}

# National language identifiers (TS 23.038, 6.2.1.2.4): 1 Turkish, 2 Spanish, 3 Portuguese.
LOCKING = {1: _TURKISH, 3: _PORTUGUESE}
SINGLE = {
    1: EXTENSION | {0x47: "Ğ", 0x49: "İ", 0x53: "Ş", 0x63: "ç", 0x67: "ğ", 0x69: "ı", 0x73: "ş"},
    2: EXTENSION | {
        0x09: "ç", 0x41: "Á", 0x49: "Í", 0x4F: "Ó", 0x55: "Ú", 0x61: "á", 0x69: "í", 0x6F: "ó", 0x75: "ú",
    },
    3: EXTENSION | {
        0x05: "ê", 0x09: "ç", 0x0B: "Ô", 0x0C: "ô", 0x0E: "Á", 0x0F: "á", 0x12: "Φ", 0x13: "Γ", 0x15: "Ω",
        0x16: "Π", 0x17: "Ψ", 0x18: "Σ", 0x19: "Θ", 0x1F: "Ê", 0x41: "À", 0x49: "Í", 0x4F: "Ó", 0x55: "Ú",
        0x5B: "Ã", 0x5C: "Õ", 0x61: "Â", 0x69: "í", 0x6F: "ó", 0x75: "ú", 0x7B: "ã", 0x7C: "õ", 0x7F: "â",
    },
}
# fmt: on
