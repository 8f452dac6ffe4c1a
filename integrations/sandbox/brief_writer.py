"""The stand-in model where it is asked what became of a stretch: who said what last, and what sounds like a promise."""

from __future__ import annotations

import re

from integrations.sandbox.reply import Call, Reply
from integrations.sandbox.talk import content, read_talk
from integrations.sandbox.wire import Json, as_objects

REPORT = "report_stretch"
_PROMISE = re.compile(r"\b(?:will|we'll|i'll|promise\w*|guarantee\w*)\b", re.IGNORECASE)


def is_asked(request: Json) -> bool:
    return REPORT in read_talk(request).tools


def report(request: Json) -> Reply:
    told = "\n".join(content(each) for each in as_objects(request.get("messages")) if each.get("role") == "user")
    said = [line.partition(": ")[::2] for line in told.splitlines()]
    asked = next((words for who, words in reversed(said) if who == "Customer"), "")
    ours = [words for who, words in said if who == "Colleague"]
    happened = f'The customer wrote: "{asked[:200]}".' + (f' A colleague answered: "{ours[-1][:200]}".' if ours else "")
    promises = [each for words in ours for each in re.split(r"(?<=[.!?])\s+", words) if _PROMISE.search(each)]
    return Reply(tool_calls=(Call(REPORT, {"what_happened": happened, "promises": promises}),))
