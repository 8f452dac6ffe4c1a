"""Messages made ready to be shown: each with the words of the message that it answers or is about."""

from __future__ import annotations

from collections.abc import Sequence

from bot.blocks.said import NAMES, excerpt
from bot.domain.conversation import Author, Message
from bot.domain.desk import Quoted, Said
from storage import media, messages, staff

ON_THE_PHONE = "A colleague, in the WhatsApp app"


async def ready(said: Sequence[Message], customer: str) -> list[Said]:
    """`customer` is what staff call them. Costs nothing where nothing is quoted."""
    wamids = {each.quoted_wamid for each in said if each.quoted_wamid}
    if not wamids:
        return [Said.from_message(each) for each in said]
    known = await messages.by_wamids(said[0].inbox_id, sorted(wamids))
    names = await staff.names({each.staff_id for each in known.values() if each.staff_id})
    return [Said.from_message(each, _quoted(each, known, customer, names)) for each in said]


async def words_of(message: Message) -> str:
    """What to call a message of staff by: its words, else the files it carries."""
    if message.text.strip():
        return message.text
    return ", ".join(f"📎 {each.name}" for each in await media.all_of(message.id))


def speaker(message: Message, customer: str, names: dict[str, str]) -> str:
    if message.author is Author.CUSTOMER:
        return customer
    return ON_THE_PHONE if message.details.is_echo else names.get(message.staff_id or "", NAMES[message.author])


def _quoted(message: Message, known: dict[str, Message], customer: str, names: dict[str, str]) -> Quoted | None:
    if message.quoted_wamid is None:
        return None
    about = known.get(message.quoted_wamid)
    if about is None or about.conversation_id != message.conversation_id:
        return Quoted()
    return Quoted(speaker(about, customer, names), _words(message, about))


def _words(message: Message, about: Message) -> str:
    """What is quoted is quoted as it read; of what was edited or deleted staff must know which it was."""
    if message.kind == "edit" and message.details.earlier:
        return message.details.earlier[-1]
    if message.kind == "revoke":
        return excerpt(Said(about.text, about.kind, about.details))
    return excerpt(Said.from_message(about))
