"""What Switchboard says in a thread: the conversation itself, reminders, prompts and bad news."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import chain

from bot.blocks import action_ids
from bot.blocks.parts import (
    SECTION_LIMIT,
    Block,
    Post,
    actions,
    ago,
    button,
    context,
    escaped,
    first_fitting,
    fits,
    leaf,
    line,
    name_of,
    one_line,
    paragraphs,
    quote,
    rich,
    section,
    user,
)
from bot.blocks.said import NAMES
from bot.blocks.sources import looked_up, quietly
from bot.domain.conversation import Author
from bot.domain.desk import EscalationView, TranscriptLine
from bot.domain.escalation import slack_time
from bot.domain.text.slack_out import escape, split_for_slack

_PAGE = 20  # lines of a transcript in one post
_WHOLE = 5_000  # more than WhatsApp lets anybody write at once: only what Slack does not take whole is shortened
_OTHERS = 500  # of what the AI or staff said
_ROOMS = (_WHOLE, 2_000, 1_000, 500, 250, 120)
_SO_FAR, _ELSEWHERE = "The conversation so far", "The same person, from their other number or account"
_EXCERPT = 200
_PIECE = 2_500  # of a transcript in one post, with what escaping adds under what a text may hold
WINDOW_CLOSED = (
    "The 24 hours after the customer's last message are over, and WhatsApp takes only templates until they write."
)
_REASON = 500  # with the excerpt under the 4,000 bytes of chat.postEphemeral
_AUTHOR_EMOJI = {Author.CUSTOMER: "👤", Author.BOT: "🤖", Author.STAFF: "🧑‍💼", Author.SYSTEM: "⚙️"}


def transcript(lines: Sequence[TranscriptLine], more: int) -> list[Post]:
    """What was said before people came in, mostly in one post. `more` earlier messages are not in `lines`."""
    return _transcript(lines, more, _SO_FAR)


def joined_history(lines: Sequence[TranscriptLine]) -> list[Post]:
    """What was said elsewhere by somebody who turned out to be the same person."""
    return _transcript(lines, 0, _ELSEWHERE)


def window_warning(view: EscalationView, now: datetime) -> Post:
    """Free text can soon not be sent any more; whoever has the conversation reads their name in it."""
    assert view.window_closes_at is not None
    left, holder = ago(view.window_closes_at - now + timedelta(seconds=30)), view.escalation.taken_by
    who = f"<@{holder}>, the" if holder else "The"
    until = slack_time(view.window_closes_at)
    said = f"⏳ {who} reply window closes in *{left}* ({until}). After that WhatsApp takes only templates"
    return note(f"{said} until {escape(name_of(view.customer))} writes again.")


def note(text: str) -> Post:
    """One line of Switchboard's own. `text` is mrkdwn: escape what others typed before it comes here."""
    shown = paragraphs(text, SECTION_LIMIT)
    return Post(shown, [context(shown)])


def with_line(post: Post, text: str) -> Post:
    """The same post with a line of Switchboard's own under it, as mrkdwn."""
    return replace(post, text=f"{post.text}\n{text}", blocks=[*post.blocks, context(text)])


def file_follows() -> str:
    return "⏳ The file follows as soon as WhatsApp has handed it over."


def file_missing(reason: str) -> str:
    return f"⚠️ The file cannot be shown here: {escaped(one_line(reason, 300), 600)}."


def heard(words: str, language: str) -> list[Post]:
    """What is said in the recording above, and that nobody has checked it."""
    spoken = f", {language}" if language else ""
    title = f"🎙️ Transcript (by machine{spoken}): "
    return [
        Post(f"{title}\n> {escape(piece)}", [rich(line(leaf(title, bold=True)), quote(piece))])
        for piece in split_for_slack(words, _PIECE)
    ]


def continues_from(url: str | None) -> Post:
    """The first line of a thread that takes the place of one that Slack lost."""
    where = f"<{url}|its former thread>" if url else "its former thread"
    return note(f"🧵 Continues from {where}, which is not usable any more. What was said so far is below.")


def continues_in(url: str) -> Post:
    """The last line of a thread whose card is gone."""
    return note(f"🧵 This conversation goes on in <{url}|its new thread>. Replies here still count.")


def unconfirmed(reason: str, excerpt: str, message_id: int) -> Post:
    """Nobody can know whether the customer got it: say that, and let people decide about sending it again."""
    why = one_line(reason, 500)
    said = "This message may or may not have reached the customer."
    hint = "Sent again, it may arrive twice."
    blocks = [
        rich(line(leaf("❔ Not confirmed. ", bold=True), leaf(said)), _excerpt(excerpt), line(leaf(f"{why} {hint}"))),
        actions(button(action_ids.RETRY_SEND, "Send again", message_id)),
    ]
    return Post(_words(f"❔ Not confirmed. {said}", excerpt, escaped(why, 800), hint), blocks)


def failure(reason: str, excerpt: str, message_id: int, outside: int | None = None) -> Post:
    """The customer did not get a message: which, why (plain words), and a way to try again.

    `outside`: the escalation, once its reply window is closed and trying again is not all there is.
    """
    why = one_line(reason, 500) or "WhatsApp gave no reason."
    said = "The customer did not get this message."
    ways = [_template_button(outside), _park_button(message_id)] if outside else []
    blocks = [
        rich(line(leaf("⚠️ Not delivered. ", bold=True), leaf(said)), _excerpt(excerpt), line(leaf(why))),
        actions(button(action_ids.RETRY_SEND, "Retry", message_id, style=None if outside else "primary"), *ways),
    ]
    return Post(_words(f"⚠️ Not delivered. {said}", excerpt, escaped(why, 800)), blocks)


def held_prompt(
    reason: str,
    excerpt: str,
    message_id: int,
    holder: str | None,
    outside: int | None = None,
    *,
    send: str | None = None,
) -> Post:
    """Ask the author whether the customer should get it. `reason` is mrkdwn, `holder` who has the conversation.

    `outside`: the escalation, once its reply window is closed. `send`: what the button says that sends it.
    """
    said = f"⏸️ *Not sent to the customer.* {paragraphs(reason, _REASON)}"
    blocks = [section(said), rich(_excerpt(excerpt)), _held_buttons(message_id, holder, outside, send)]
    return Post(_words(said, excerpt), blocks)


def answered_prompt(who: str | None, answer: str, excerpt: str, message_id: int, holder: str | None) -> Post:
    """The same where a colleague has just answered: what they said, before the customer hears it twice."""
    colleague = f"<@{who}>" if who else "A colleague"
    said = escaped(one_line(answer, _EXCERPT), 300) or "(a file)"
    reason = f"{colleague} has just answered:\n> {said}\nShould the customer get yours as well?"
    return held_prompt(reason, excerpt, message_id, holder, send="Send anyway")


def held_line(
    author: str, excerpt: str, message_id: int, holder: str | None = None, outside: int | None = None
) -> Post:
    """The same question where everybody sees it, once the author has let a minute pass."""
    said = "⏸️ Not sent to the customer: "
    blocks = [
        rich(line(leaf(said, bold=True), user(author), leaf(" wrote")), _excerpt(excerpt)),
        _held_buttons(message_id, holder, outside),
    ]
    return Post(_words(f"{said}<@{author}> wrote", excerpt), blocks)


def correction_prompt(had: str, now: str, message_id: int) -> Post:
    """Its author has edited a message that has left: which words the customer has, and a way to send the new ones."""
    said = "✏️ *The customer still has the old words.* A message that has left cannot be changed in WhatsApp."
    blocks = [section(said), *_both_wordings(had, now), _correct_button(message_id)]
    return Post(_words(said, had, f"now: {escaped(one_line(now, _EXCERPT), 400)}"), blocks)


def correction_line(author: str, had: str, now: str, message_id: int) -> Post:
    """The same where everybody sees it, once the author has let a minute pass: the thread shows the new words."""
    said = "✏️ The customer still has the old words of an edited message by "
    blocks = [rich(line(leaf(said), user(author))), *_both_wordings(had, now), _correct_button(message_id)]
    return Post(_words(f"{said}<@{author}>", had, f"now: {escaped(one_line(now, _EXCERPT), 400)}"), blocks)


def ended_prompt(reason: str, excerpt: str, message_id: int, contact: str = "") -> Post:
    """A reply after the end: it cannot leave from here, and this is how to reach the customer again."""
    said = f"⏸️ *Not sent to the customer.* {paragraphs(reason, _REASON)}"
    address = escaped(one_line(contact.replace("`", ""), 60), 200)
    again = [f"To write to them again: `/escalate {address}`"] if address else []
    blocks = [section(said), rich(_excerpt(excerpt)), *map(context, again), actions(_keep_button(message_id))]
    return Post(_words(said, excerpt, *again), blocks)


def confirm_prompt(reason: str, action_id: str, value: str) -> Post:
    """A colleague has it: say who, and let the person insist. `action_id` is one of CONFIRM_*."""
    label = {
        action_ids.CONFIRM_TAKE_OVER: "Take over",
        action_ids.CONFIRM_RETURN_TO_BOT: "Return to bot anyway",
        action_ids.CONFIRM_CLOSE: "Close anyway",
    }[action_id]
    shown = paragraphs(reason, SECTION_LIMIT)
    return Post(shown, [section(shown), actions(button(action_id, label, value, style="danger"))])


def _transcript(lines: Sequence[TranscriptLine], more: int, title: str) -> list[Post]:
    """As few posts as hold them all; a line is shortened only where not even a post of its own holds it."""
    if len(lines) <= 1:
        return [first_fitting(_page(lines, more, title, room) for room in _ROOMS)]
    if len(lines) <= _PAGE and fits(whole := _page(lines, more, title, _WHOLE)):
        return [whole]
    half = len(lines) // 2
    return [*_transcript(lines[:half], more, title), *_transcript(lines[half:], 0, title)]


def _page(shown: Sequence[TranscriptLine], more: int, title: str, room: int) -> Post:
    title = _transcript_title(title, shown, more)
    said = [rich(line(*chain.from_iterable(_said(each, room) for each in shown)))] if shown else []
    return Post("\n".join([title, *[_spoken(each, room) for each in shown]]), [context(title), *said])


def _transcript_title(title: str, shown: Sequence[TranscriptLine], more: int) -> str:
    if not shown:
        return "Nothing was said before this."
    earlier = f" · {more} earlier {'message' if more == 1 else 'messages'} not shown" if more else ""
    return f"*{title}*, since {slack_time(shown[0].at)}{earlier}"


def _speaker(each: TranscriptLine) -> str:
    return one_line(each.speaker, 60) or NAMES[each.author]


def _said(each: TranscriptLine, room: int) -> list[Block]:
    who = leaf(f"{_AUTHOR_EMOJI[each.author]} {_speaker(each)}  ", bold=True)
    return [who, leaf(f"{_as_told(each, room) or '–'}\n"), *quietly(each.sources, end="\n")]


def _spoken(each: TranscriptLine, room: int) -> str:
    said = f"{escape(_speaker(each))}: {escape(_as_told(each, room))}"
    return "\n".join(filter(None, [said, escape(looked_up(each.sources))]))


def _as_told(each: TranscriptLine, room: int) -> str:
    return paragraphs(each.text, room if each.author is Author.CUSTOMER else min(room, _OTHERS))


def _excerpt(text: str) -> Block:
    return quote(one_line(text, _EXCERPT) or "(no text)")


def _words(said: str, excerpt: str, *rest: str) -> str:
    lines = [said, f"> {escaped(one_line(excerpt, _EXCERPT), 400)}", *rest]
    return "\n".join(each for each in lines if each)


def _held_buttons(message_id: int, holder: str | None, outside: int | None, send: str | None = None) -> Block:
    if outside:
        return actions(_template_button(outside), _park_button(message_id, holder), _keep_button(message_id))
    label = send or ("Send" if holder else "Take and send")
    return actions(button(action_ids.SEND_HELD, label, message_id, style="primary"), _keep_button(message_id))


def _both_wordings(had: str, now: str) -> list[Block]:
    old, new = one_line(had, _EXCERPT) or "(no text)", one_line(now, _EXCERPT)
    return [rich(line(leaf("They have:", bold=True)), quote(old), line(leaf("It says now:", bold=True)), quote(new))]


def _correct_button(message_id: int) -> Block:
    return actions(button(action_ids.SEND_CORRECTION, "Send correction", message_id, style="primary"))


def _template_button(escalation_id: int) -> Block:
    return button(action_ids.SEND_TEMPLATE, "Send template…", escalation_id, style="primary")


def _park_button(message_id: int, holder: str | None = "somebody") -> Block:
    label = "Send when they write" if holder else "Take, send when they write"
    return button(action_ids.SEND_WHEN_THEY_WRITE, label, message_id)


def _keep_button(message_id: int) -> Block:
    return button(action_ids.KEEP_NOTE, "Keep as note", message_id)
