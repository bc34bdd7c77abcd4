"""Keeps the secrets of authenticator apps and recovery codes encrypted in the database; must never store one in the clear.

The key derives from SECRET_KEY, so a copy of the database alone gives no second factor.
"""

import base64
import hashlib

from allauth.mfa.adapter import DefaultMFAAdapter
from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings


class SecondFactor(DefaultMFAAdapter):  # type: ignore[misc]
    """The library's hooks for secrets at rest."""

    def encrypt(self, text: str) -> str:
        """What is stored of a secret."""
        return _box().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """The secret; SECRET_KEY_FALLBACKS still open what older keys closed. Raises InvalidToken for none of them."""
        return _box().decrypt(encrypted_text.encode()).decode()


def _box() -> MultiFernet:
    secrets: list[str] = [settings.SECRET_KEY, *map(str, settings.SECRET_KEY_FALLBACKS)]
    return MultiFernet([Fernet(_key(secret)) for secret in secrets])


def _key(secret: str) -> bytes:
    return base64.urlsafe_b64encode(hashlib.sha256(b"second factor\n" + secret.encode()).digest())
