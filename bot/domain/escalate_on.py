"""What a business wants people for, whoever asks: words that code finds, and topics that the AI recognises."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from bot.domain.escalation import Escalate, Priority, Trigger
from bot.domain.text.any_words import any_words, is_unspaced
from bot.domain.text.languages import fold

_URGENCY = list(Priority)


@dataclass(frozen=True, slots=True)
class KeywordRule:
    """Any of these `words` or phrases in what a customer writes; a `*` stands for any beginning or ending."""

    words: tuple[str, ...]
    reason: str
    priority: Priority = Priority.NORMAL


@dataclass(frozen=True, slots=True)
class TopicRule:
    """A topic in the business's own words, for the model to recognise whatever words a customer finds for it."""

    topic: str
    reason: str
    priority: Priority = Priority.NORMAL


Rule = KeywordRule | TopicRule


@dataclass(frozen=True, slots=True)
class Found:
    """The rule that holds, and which of its words was found."""

    rule: KeywordRule
    words: str


def found_in(text: str, rules: Iterable[Rule]) -> Found | None:
    """The most pressing rule whose words stand in it; of several, the first.

    Whole words, without regard to case and accents. Endings are not guessed: what is a plural in one language is
    another word in the next.
    """
    said, run = f" {' '.join(any_words(text))} ", fold(text)
    found = [
        Found(rule, words)
        for rule in rules
        if isinstance(rule, KeywordRule)
        for words in rule.words
        if _stands_in(words, said, run)
    ]
    return max(found, key=lambda each: _URGENCY.index(each.rule.priority), default=None)


def can_be_found(words: str) -> bool:
    """Whether there is anything in it to look for."""
    return bool(any_words(words))


def called_by(found: Found, language: str) -> Escalate:
    """What a rule's words in a message lead to, whatever the AI would have made of it."""
    told = f"The rule on “{found.words}” has called you: the customer wrote it."
    return Escalate(Trigger.SYSTEM, found.rule.reason, told, found.rule.priority, language, told="handover")


def topics_in_words(rules: Iterable[Rule]) -> str:
    """What the model is told of the topics; empty where there are none."""
    lines = [_in_words(rule) for rule in rules if isinstance(rule, TopicRule)]
    if not lines:
        return ""
    head = "Beside the rules above, these topics are a colleague's. Call `escalate_to_human` as soon as one comes up:"
    return "\n".join([head, *lines])


def by_topic(event: Escalate, rules: Sequence[Rule]) -> Escalate:
    """The AI's call with the rule that it names: staff see which it was, and it is no less urgent than that."""
    named = any_words(event.reason)
    for rule in rules:
        if isinstance(rule, TopicRule) and named in (any_words(rule.reason), any_words(rule.topic)):
            told = " ".join(filter(None, (event.summary, f"(The rule on {rule.topic}.)")))
            priority = max(rule.priority, event.priority, key=_URGENCY.index)
            return replace(event, reason=rule.reason, summary=told, priority=priority)
    return event


def _in_words(rule: TopicRule) -> str:
    return f'- {rule.topic}: with the reason "{rule.reason}" and the priority {rule.priority}'


def _stands_in(words: str, said: str, run: str) -> bool:
    if is_unspaced(words):
        return fold(words.replace("*", "")) in run
    parts = [part for part in map(_part, words.split()) if part]
    return re.search(f"(?<= ){' '.join(parts)}(?= )", said) is not None


def _part(written: str) -> str:
    """One word as a pattern; several where signs divide it."""
    bare = " ".join(re.escape(word) for word in any_words(written))
    return f"{_any(written.startswith('*'))}{bare}{_any(written.endswith('*'))}" if bare else ""


def _any(wanted: bool) -> str:  # read beside its only two uses
    return "[^ ]*" if wanted else ""
