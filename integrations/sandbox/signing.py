"""Signatures the real services put on what they send."""

from __future__ import annotations

import hashlib
import hmac


def slack_signature(secret: str, timestamp: int, body: bytes) -> str:
    base = b"v0:%d:%b" % (timestamp, body)
    return "v0=" + hmac.new(secret.encode(), base, hashlib.sha256).hexdigest()


def meta_signature(secret: str, body: bytes) -> str:
    return "sha256=" + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
