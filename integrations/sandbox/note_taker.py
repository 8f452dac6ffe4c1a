"""The stand-in model where it is asked to keep a conversation's memory: it notes what was said, as it was said."""

from __future__ import annotations

import re

from integrations.sandbox.reply import Reply
from integrations.sandbox.talk import content
from integrations.sandbox.wire import Json, as_objects

ASKED = "You keep the memory"
_SO_FAR = re.compile(r"notes so far[^\n]*\n(?P<notes>.*)", re.DOTALL)
_LONGEST = 1_500


def is_asked(request: Json) -> bool:
    return any(content(message).startswith(ASKED) for message in as_objects(request.get("messages"))[:1])


def take_notes(request: Json) -> Reply:
    messages = as_objects(request.get("messages"))
    before = [found["notes"] for message in messages if (found := _SO_FAR.search(content(message)))]
    names = {"user": "The customer wrote", "assistant": "We wrote"}
    said = [
        f"{names[str(role)]}: {' '.join(content(message).split())[:120]}."
        for message in messages
        if (role := message.get("role")) in names
    ]
    return Reply(text="\n".join([*before, *said])[-_LONGEST:])
