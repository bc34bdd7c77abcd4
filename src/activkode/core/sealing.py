"""Secrets that we must be able to read again, such as those that sign: encrypted with a key made of SECRET_KEY, so that a
copy of the database alone gives none away.
"""

import base64
from functools import cache

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

_PURPOSE = b"activkode sealed secrets 1"


class Unreadable(Exception):
    """It was sealed with a key that is not among the settings any more."""


def seal(secret: str) -> str:
    """The secret as it is kept."""
    return _keys((settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)).encrypt(secret.encode()).decode()


def unseal(sealed: str) -> str:
    """The secret again. Raises Unreadable."""
    try:
        keys = _keys((settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS))
        return keys.decrypt(sealed.encode()).decode()
    except InvalidToken:
        raise Unreadable from None


@cache
def _keys(words: tuple[str, ...]) -> MultiFernet:
    return MultiFernet([Fernet(base64.urlsafe_b64encode(_derived(word))) for word in words])


def _derived(word: str) -> bytes:
    return HKDF(SHA256(), 32, salt=None, info=_PURPOSE).derive(word.encode())
