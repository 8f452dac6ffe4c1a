"""Threads in two languages: a translation under what a customer said, and the words a reply may leave in."""

from __future__ import annotations

from bot.blocks import action_ids
from bot.blocks.escalation_card import language_name, state_of
from bot.blocks.parts import (
    Block,
    Post,
    View,
    actions,
    button,
    context,
    escaped,
    first_fitting,
    leaf,
    line,
    modal,
    name_of,
    one_line,
    paragraphs,
    plain,
    quote,
    rich,
    section,
    user,
)
from bot.domain.desk import EscalationView
from bot.domain.text.language_names import LANGUAGES
from bot.domain.translation import OFF, Proposal

TEXT_BLOCK, LANGUAGE_BLOCK = "words", "language"
LONGEST = 3_000  # what a text field of a modal takes
_ROOMS = (LONGEST, 1_200, 500, 200)
_UNDER = 2_500  # characters of a context block's text
_REASON = 500
_SPOKEN = 300


def under(text: str, spoken: str, room: int = _UNDER) -> str:
    """One quiet line of mrkdwn for under the words themselves."""
    return f"🌐 _{language_name(spoken)}:_ {escaped(text, room)}"


def alone(text: str, spoken: str) -> Post:
    """The same where it cannot stand under the words: as much of it as a post holds."""
    return first_fitting(_alone(under(text, spoken, room)) for room in (_UNDER, 900, 300))


def missing() -> Post:
    return _alone(not_available())


def not_available() -> str:
    return "🌐 _Translation not available._"


def prompt(proposal: Proposal, because: str = "") -> Post:
    """To its author: nothing has left yet. `because`: what else there is to know, mrkdwn."""
    return first_fitting(_prompt(proposal, because, room) for room in _ROOMS)


def held_line(author: str, proposal: Proposal) -> Post:
    """The same where everybody sees it, once the author has let a minute pass."""
    return first_fitting(_held_line(author, proposal, room) for room in _ROOMS)


def edit(proposal: Proposal, back: str) -> View:
    """`back` is the response URL by which the question goes away."""
    element: Block = {
        "type": "plain_text_input",
        "action_id": action_ids.CHANGE_TRANSLATION,
        "multiline": True,
        "initial_value": proposal.text[:LONGEST],
        "max_length": LONGEST,
    }
    label = plain(f"In {LANGUAGES.get(proposal.language, proposal.language)}")
    words: Block = {"type": "input", "block_id": TEXT_BLOCK, "label": label, "element": element}
    wrote = [line(leaf("You wrote:", bold=True)), quote(one_line(proposal.original, 1_500) or "–")]
    known = {"message": proposal.message_id, "back": back}
    return modal(action_ids.TRANSLATION_MODAL, "Edit translation", "Send", [rich(*wrote), words], known)


def settings(view: EscalationView, current: str | None) -> View:
    """In which language staff read and write this thread."""
    choices = [(OFF, "No translation"), *LANGUAGES.items()]
    options: list[Block] = [{"text": plain(label), "value": code} for code, label in choices]
    element: Block = {
        "type": "static_select",
        "action_id": action_ids.CHOOSE_LANGUAGE,
        "options": options,
        "initial_option": next((each for each in options if each["value"] == current), options[0]),
    }
    ask: Block = {
        "type": "input",
        "block_id": LANGUAGE_BLOCK,
        "label": plain("Staff read and write"),
        "element": element,
    }
    standing = context(f"*{escaped(name_of(view.customer), 200)}*  ·  {state_of(view.escalation)}")
    hint = context(
        "What they write from now on is shown with a translation. Your replies wait until you have seen theirs."
    )
    known = {"escalation": view.escalation.id}
    return modal(action_ids.LANGUAGE_MODAL, "Two languages", "Save", [standing, ask, hint], known)


def _prompt(proposal: Proposal, because: str, room: int) -> Post:
    said = f"🌐 *Not sent yet.* In {language_name(proposal.language)} the customer would read:"
    reason = [section(paragraphs(because, _REASON))] if because else []
    shown = one_line(proposal.text, _SPOKEN)
    blocks = [
        *reason,
        section(said),
        rich(quote(_cut(proposal.text, room))),
        context(f"You wrote: {escaped(one_line(proposal.original, _SPOKEN), 2 * _SPOKEN)}"),
        actions(*_choices(proposal), button(action_ids.EDIT_TRANSLATION, "Edit…", proposal.message_id)),
    ]
    return Post(f"{said}\n> {escaped(shown, 2 * _SPOKEN)}", blocks)


def _held_line(author: str, proposal: Proposal, room: int) -> Post:
    said = "⏸️ Not sent to the customer: "
    heading = line(leaf(said, bold=True), user(author), leaf(" wrote"))
    reads = line(leaf(f"In {LANGUAGES.get(proposal.language, proposal.language)} they would read", bold=True))
    blocks = [
        rich(heading, quote(one_line(proposal.original, room) or "–"), reads, quote(_cut(proposal.text, room))),
        actions(*_choices(proposal), button(action_ids.KEEP_NOTE, "Keep as note", proposal.message_id)),
    ]
    return Post(f"{said}<@{author}> wrote\n> {escaped(one_line(proposal.original, _SPOKEN), 2 * _SPOKEN)}", blocks)


def _choices(proposal: Proposal) -> list[Block]:
    return [
        button(action_ids.SEND_TRANSLATION, "Send translation", proposal.message_id, style="primary"),
        button(action_ids.SEND_AS_WRITTEN, "Send as written", proposal.message_id),
    ]


def _alone(said: str) -> Post:
    return Post(said, [context(said)])


def _cut(text: str, room: int) -> str:
    shown = text if len(text) <= room else f"{text[: room - 1].rstrip()}…"
    return shown if one_line(shown, 10) else "–"
