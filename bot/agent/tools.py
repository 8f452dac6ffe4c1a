"""The tools the model is offered, and what its calls mean."""

from __future__ import annotations

import re
from collections.abc import Sequence

from bot.domain.escalation import Escalate, Priority, Trigger
from bot.domain.knowledge import Passage
from bot.domain.text.defused import defused
from integrations.openai.payloads import JsonObject, Tool

REASON_LIMIT = 300
SUMMARY_LIMIT = 2_000
_LANGUAGE_CODE = re.compile(r"([A-Za-z]{2,3})(?:[-_][A-Za-z0-9]+)*")


def _schema(required: tuple[str, ...], **properties: JsonObject) -> JsonObject:
    return {
        "type": "object",
        "properties": dict(properties),
        "required": list(required),
        "additionalProperties": False,
    }


ESCALATE = Tool(
    "escalate_to_human",
    "Bring a colleague into this conversation. From then on the colleague answers and you are silent.",
    _schema(
        ("reason", "summary"),
        reason={"type": "string", "description": "Why a person is needed, in one short English sentence, for staff."},
        summary={
            "type": "string",
            "description": "What the customer wants and what has been said so far, in two or three English sentences, "
            "so that the colleague need not ask again.",
        },
        priority={
            "type": "string",
            "enum": [priority.value for priority in Priority],
            "description": "high: upset, or losing money or time; urgent: danger to health or safety; else normal.",
        },
        language={"type": "string", "description": "The customer's language as an ISO 639-1 code, such as en or es."},
    ),
)

SEARCH = Tool(
    "search_knowledge",
    "Search the business's own pages. Returns the passages that fit best, or that nothing was found.",
    _schema(
        ("query",),
        query={"type": "string", "description": "A few words to look for, without filler, like: return tent"},
    ),
)


def escalation(arguments: JsonObject, language: str) -> Escalate:
    """A call of `escalate_to_human`. Sloppy arguments never stop it: the wish for a person is what counts."""
    priority = arguments.get("priority")
    return Escalate(
        trigger=Trigger.AI,
        reason=_words(arguments, "reason", REASON_LIMIT) or "The AI asked for a colleague",
        summary=_words(arguments, "summary", SUMMARY_LIMIT),
        priority=Priority(priority) if priority in tuple(Priority) else Priority.NORMAL,
        language=_language(arguments.get("language")) or language,
    )


def search_query(arguments: JsonObject) -> str:
    return _words(arguments, "query", REASON_LIMIT)


def search_result(passages: Sequence[Passage]) -> str:
    """What the model reads of a search. A page may have been copied from anywhere: it can open no turn either."""
    if not passages:
        return "Nothing was found. Do not guess."
    found = (f"## {passage.title}\n(from {passage.source})\n{passage.body}" for passage in passages)
    return "\n\n".join(map(defused, found))


def unknown_tool(name: str, offered: Sequence[Tool]) -> str:
    return f"There is no tool {name!r}. Available: {', '.join(tool.name for tool in offered)}."


def _words(arguments: JsonObject, name: str, limit: int) -> str:
    """One argument as plain words; models send numbers, nulls and novels too."""
    value = arguments.get(name)
    text = " ".join(value.split()) if isinstance(value, str) else ""
    return text if len(text) <= limit else text[: limit - 1].rstrip() + "…"


def _language(value: object) -> str | None:
    """`pt-BR` and `PT_br` are `pt`; a language's name in words is not a code."""
    code = _LANGUAGE_CODE.fullmatch(value.strip()) if isinstance(value, str) else None
    return code[1].lower() if code else None
