"""What a model answers with: words, or calls of the tools it was offered."""

from __future__ import annotations

from dataclasses import dataclass, field

from integrations.sandbox.wire import Json


@dataclass(frozen=True, slots=True)
class Call:
    """One tool call. `raw` replaces the arguments with text that need not be JSON."""

    name: str
    arguments: Json = field(default_factory=dict[str, object])
    raw: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    text: str | None = None
    tool_calls: tuple[Call, ...] = ()
    finish_reason: str | None = None
    refusal: str | None = None
