"""A chat-completions request as the stand-in agent reads it: what waits for an answer, and what was found so far."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from integrations.sandbox.openai_media import seen_in
from integrations.sandbox.wire import Json, as_object, as_objects, as_text

# What an agent adds of its own to what a customer said.
ADDED = re.compile(r"^\(Our note\b.*\)(?:\n|$)", re.MULTILINE)
GUIDANCE = re.compile(r"guidance[^:\n]*:\s*(?P<line>[^\n]+)", re.IGNORECASE)
# What stands for a file with its name, and what the model is told that it cannot do with it.
FILE = re.compile(r"\[(?:photo|sticker|video|voice note|audio|document)(?P<note>[^\]]*)\](?: [^\s;]+\.\w{2,5}\b)?")
BOUNDS = re.compile("– (?:it reads:|end of the document)")


@dataclass(frozen=True, slots=True)
class Talk:
    """`pending` is what the customer said since the last answer; `found` the results of this turn's searches.

    `pictures` is what can be seen in those among it, `unread` what the model is told about files it has not.
    """

    pending: str
    earlier: tuple[str, ...]
    answered: tuple[str, ...]
    found: tuple[str, ...]
    is_returned: bool
    guidance: str
    standing: str  # guidance from an earlier return, which still holds
    promised: tuple[str, ...]  # what people have promised the customer
    tools: dict[str, Json]
    must_answer: bool
    sent_back: str  # what it said before to another question, and the customer has not got now
    pictures: tuple[str, ...] = ()
    unread: str = ""


def read_talk(request: Json) -> Talk:
    messages = as_objects(request.get("messages"))
    last = max((place for place, message in enumerate(messages) if _is_words_of_the_business(message)), default=-1)
    tail, head = messages[last + 1 :], messages[: last + 1]
    asked = [place for place, message in enumerate(tail) if message.get("role") == "user"]
    # A system turn after the question means that people had the conversation meanwhile and gave it back.
    after = tail[asked[-1] + 1 :] if asked else tail
    told = [content(message) for message in after if message.get("role") == "system"]
    guidance = _guidance(told)
    earlier = [content(message) for message in messages if message.get("role") == "system"]
    pending = "\n".join(_said(tail[place]) for place in asked)
    pictures = tuple(each for place in asked for each in _pictures(tail[place]))
    return Talk(
        pending="\n".join(filter(None, (BOUNDS.sub("", FILE.sub("", pending)).strip(), *pictures))),
        earlier=tuple(filter(None, (_said(message) for message in head if message.get("role") == "user"))),
        answered=tuple(content(message) for message in head if message.get("role") == "assistant"),
        found=tuple(content(message) for message in after if message.get("role") == "tool"),
        is_returned=any("colleague" in line and "back" in line for line in told),
        guidance=guidance,
        standing=_guidance(reversed(earlier)),
        promised=tuple(_promised(earlier)),
        tools=_tools(request),
        must_answer=request.get("tool_choice") == "none",
        sent_back=content(messages[last]) if any("already said" in line for line in told) else "",
        pictures=pictures,
        unread="".join(found["note"] for found in FILE.finditer(pending)),
    )


def _pictures(message: Json) -> list[str]:
    """What is to be seen in each; nothing in one that the stand-in does not know."""
    urls = [as_object(part.get("image_url")) for part in as_objects(message.get("content")) if "image_url" in part]
    return [seen_in(as_text(each.get("url"))) for each in urls]


def _guidance(lines: Iterable[str]) -> str:
    return next((found["line"] for line in lines if (found := GUIDANCE.search(line))), "")


def _promised(lines: Iterable[str]) -> Iterator[str]:
    """The lines under the one that says that colleagues have promised something, to the end of their paragraph."""
    for line in lines:
        _, head, rest = line.partition("promised the customer")
        yield from (each.strip() for each in rest.partition("\n")[2].split("\n\n")[0].splitlines() if head)


def content(message: Json) -> str:
    """A message's text, whether it is one string or a list of parts."""
    said = message.get("content")
    return said if isinstance(said, str) else "\n".join(as_text(part.get("text")) for part in as_objects(said))


def _said(message: Json) -> str:
    return ADDED.sub("", content(message))


def _is_words_of_the_business(message: Json) -> bool:
    return message.get("role") == "assistant" and not message.get("tool_calls")


def _tools(request: Json) -> dict[str, Json]:
    offered = [as_object(tool.get("function")) for tool in as_objects(request.get("tools"))]
    return {as_text(tool.get("name")): as_object(tool.get("parameters")) for tool in offered}
