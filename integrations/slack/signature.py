"""Proof that a request comes from Slack, over the raw bytes of its body."""

from __future__ import annotations

import hashlib
import hmac

MAX_AGE_SECONDS = 300


def sign(secret: str, timestamp: str, body: bytes) -> str:
    """The `X-Slack-Signature` header for this body at this time."""
    base = b"v0:" + timestamp.encode("utf-8", "replace") + b":" + body
    return "v0=" + hmac.new(secret.encode(), base, hashlib.sha256).hexdigest()


def is_genuine(secret: str, body: bytes, timestamp: str | None, signature: str | None, now: float) -> bool:
    """Whether Slack signed exactly these bytes within the last five minutes.

    Source: docs.slack.dev/authentication/verifying-requests-from-slack. Unlike the SDK's verifier, a timestamp
    or a signature that makes no sense is refused, not raised.
    """
    if not timestamp or not timestamp.isascii() or not timestamp.isdigit() or len(timestamp) > 12:
        return False
    if abs(now - int(timestamp)) > MAX_AGE_SECONDS:
        return False
    expected = sign(secret, timestamp, body).encode()
    return hmac.compare_digest(expected, (signature or "").encode("utf-8", "replace"))
