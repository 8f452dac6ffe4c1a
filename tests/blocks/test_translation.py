"""Threads in two languages, as staff see them: in every state, and whatever anybody wrote."""

from __future__ import annotations

import pytest
from hypothesis import given
from inline_snapshot import external_file

from bot.blocks import thread_notes, translation
from bot.blocks.parts import Post
from bot.blocks.said import mirrored
from bot.domain.conversation import Author
from bot.domain.desk import Said
from bot.domain.escalation import Status
from bot.domain.translation import Proposal, Translation, read_translation
from tests.blocks.samples import ANA, BEN, escalation, view
from tests.blocks.slack_rules import check_post, check_view
from tests.blocks.test_limits import quick, texts

PROPOSAL = Proposal(5, 41, "It comes on <Thursday>\nBye!", "Llega el <jueves>\n¡Adiós!", "es")
SAID = mirrored(Author.CUSTOMER, "Carla Mendes", Said("¿Cuándo <llega>?"))[0]

POSTS: dict[str, Post] = {
    "translated": thread_notes.with_line(SAID, translation.under("When does it <arrive>?", "es")),
    "translation_prompt": translation.prompt(PROPOSAL),
    "translation_prompt_other": translation.prompt(PROPOSAL, f"<@{BEN}> has this conversation."),
    "translation_held_line": translation.held_line(ANA, PROPOSAL),
}
VIEWS = {
    "translation_edit": translation.edit(PROPOSAL, "https://hooks.slack.com/actions/1"),
    "two_languages": translation.settings(view(escalation(Status.OPEN)), "en"),
}


@pytest.mark.parametrize("name", POSTS)
def test_a_post_looks_as_agreed(name: str) -> None:
    post = POSTS[name]
    check_post(post, text_bytes=4_000)
    assert {"text": post.text, "blocks": post.blocks} == external_file(f"snapshots/{name}.json")


@pytest.mark.parametrize("name", VIEWS)
def test_a_view_looks_as_agreed(name: str) -> None:
    check_view(VIEWS[name])
    assert VIEWS[name] == external_file(f"snapshots/{name}.json")


@quick
@given(original=texts, text=texts)
def test_slack_accepts_whatever_was_written(original: str, text: str) -> None:
    proposal = Proposal(5, 41, original, text, "es")
    check_post(translation.prompt(proposal, f"<@{BEN}> has this."), text_bytes=4_000)
    check_post(translation.held_line(ANA, proposal), text_bytes=4_000)
    check_post(translation.alone(text, "es"))
    check_view(translation.edit(proposal, ""))


@pytest.mark.parametrize(
    ("answer", "read"),
    [
        ("es\nHola", Translation("Hola", "es")),
        (" pt-BR \n\nOlá\nlá ", Translation("Olá\nlá", "pt")),
        ("Hola", None),
        ("es\n ", None),
        ("The language is Spanish:\nHola", None),
        ("", None),
    ],
)
def test_a_translation_names_its_language_first_or_is_none(answer: str, read: Translation | None) -> None:
    assert read_translation(answer) == read
