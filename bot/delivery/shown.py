"""Messages made ready to be shown: each with the words of the message that it answers or is about."""

from __future__ import annotations

from collections.abc import Sequence

from bot.blocks.quoting import quoted
from bot.domain.conversation import Message
from bot.domain.desk import Said
from storage import media, messages, staff


async def ready(said: Sequence[Message], customer: str) -> list[Said]:
    """`customer` is what staff call them. Costs nothing where nothing is quoted."""
    wamids = {each.quoted_wamid for each in said if each.quoted_wamid}
    if not wamids:
        return [Said.from_message(each) for each in said]
    known = await messages.by_wamids(said[0].inbox_id, sorted(wamids))
    names = await staff.names({each.staff_id for each in known.values() if each.staff_id})
    return [Said.from_message(each, quoted(each, known, customer, names)) for each in said]


async def words_of(message: Message) -> str:
    """What to call a message of staff by: its words, else the files it carries."""
    if message.text.strip():
        return message.text
    return ", ".join(f"📎 {each.name}" for each in await media.all_of(message.id))
