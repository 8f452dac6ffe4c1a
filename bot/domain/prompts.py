"""The prompts that an inbox's agent speaks by: each text is a version, known by what it says."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256


@dataclass(frozen=True, slots=True)
class Prompt:
    """An inbox's prompt, and the number by which messages and the audit name it."""

    text: str
    version: int


def digest(text: str) -> str:
    return sha256(text.encode()).hexdigest()
