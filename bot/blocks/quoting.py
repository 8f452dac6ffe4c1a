"""Who said a message, and the words of the message that it answers or is about."""

from __future__ import annotations

from bot.blocks.said import NAMES, excerpt
from bot.domain.conversation import Author, Message
from bot.domain.desk import Quoted, Said

ON_THE_PHONE = "A colleague, in the WhatsApp app"


def speaker(message: Message, customer: str, names: dict[str, str]) -> str:
    if message.author is Author.CUSTOMER:
        return customer
    if message.details.is_echo:
        return ON_THE_PHONE
    name = names.get(message.staff_id or "", NAMES[message.author])
    return f"{name}, with a draft by the AI" if message.details.is_drafted else name


def quoted(message: Message, known: dict[str, Message], customer: str, names: dict[str, str]) -> Quoted | None:
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
