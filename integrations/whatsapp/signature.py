"""Proof that a webhook comes from Meta, over the raw bytes of its body."""

from __future__ import annotations

import hashlib
import hmac


def sign(secret: str, body: bytes) -> str:
    """The `X-Hub-Signature-256` header for this body."""
    return "sha256=" + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()


def is_genuine(secret: str, body: bytes, header: str | None) -> bool:
    """Whether Meta signed exactly these bytes with our app secret.

    Source: Meta webhooks, "Validate payloads". Compared as bytes: a non-ASCII header must not raise.
    """
    return hmac.compare_digest(sign(secret, body).encode(), (header or "").encode("utf-8", "replace"))


def answer_handshake(verify_token: str, mode: str | None, token: str | None, challenge: str | None) -> str | None:
    """The challenge to echo when Meta verifies our address, or None when the request is not Meta's."""
    genuine = hmac.compare_digest(verify_token.encode(), (token or "").encode("utf-8", "replace"))
    return challenge if mode == "subscribe" and genuine and challenge is not None else None
