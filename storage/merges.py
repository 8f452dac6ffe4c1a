"""Two customers turn out to be one person: their rows become one story, in the order in which we learned of it."""

from __future__ import annotations

from datetime import datetime

from bot.domain.conversation import Conversation
from storage.database import connection
from storage.desk_models import Audit
from storage.models import ConversationRow, CustomerRow, EscalationRow, MessageRow

_ALIASES = "UPDATE alias SET customer_id = $1 WHERE customer_id = $2"
_NOTES = "UPDATE customer_note SET customer_id = $1 WHERE customer_id = $2"
# Whoever became one of them earlier becomes this one too: nobody has to be followed through several hands.
_CHAIN = "UPDATE {table} SET merged_into = $1 WHERE id = $2 OR merged_into = $2"
_TRAITS = """
UPDATE customer AS c SET
  phone = coalesce(o.phone, c.phone), username = coalesce(o.username, c.username),
  name = CASE WHEN o.name <> '' THEN o.name ELSE c.name END,
  opted_out_at = greatest(c.opted_out_at, o.opted_out_at),
  blocked_at = coalesce(c.blocked_at, o.blocked_at), blocked_by = coalesce(c.blocked_by, o.blocked_by),
  tags = CASE WHEN c.tags IS NULL OR o.tags IS NULL THEN coalesce(c.tags, o.tags)
              ELSE c.tags || (o.tags - ARRAY(SELECT jsonb_array_elements_text(c.tags))) END,
  sought = coalesce(c.sought, '{}') || coalesce(o.sought, '{}')
FROM customer AS o WHERE c.id = $1 AND o.id = $2
"""

# The two count their changes of hands apart. What the AI was to say before people came must not pass for what it may.
_EPOCHS = """
UPDATE message SET epoch = CASE WHEN epoch = $2 THEN $3 ELSE -1 END WHERE conversation_id = $1 AND author = 'bot'
"""

# They were both told when people are back: nobody hears it a second time for having become one.
_TOLD = """
UPDATE conversation AS v SET told_until = greatest(v.told_until, o.told_until)
FROM conversation AS o WHERE v.id = $1 AND o.id = $2
"""

_PHONE = """
UPDATE customer AS c SET phone = v.reply_value FROM conversation AS v
WHERE c.id = $1 AND v.customer_id = c.id AND v.reply_kind = 'wa_id' AND v.reply_value <> ''
"""


async def customers(customer_id: int, other_id: int) -> None:
    """From here on every name of the other is a name of this one. The caller holds both."""
    await connection().execute_query(_TRAITS, [customer_id, other_id])
    await connection().execute_query(_ALIASES, [customer_id, other_id])
    await connection().execute_query(_NOTES, [customer_id, other_id])
    await connection().execute_query(_CHAIN.format(table=CustomerRow.Meta.table), [customer_id, other_id])


async def adopt(conversation_id: int, customer_id: int) -> None:
    """The conversation is this customer's."""
    await ConversationRow.filter(id=conversation_id).update(customer_id=customer_id)


async def conversations(whole: Conversation, other: Conversation) -> None:
    """All that was said in the other belongs to this one, which stands as `whole` says. The caller holds both."""
    other_id = other.id
    still_stands = None if other.with_people else other.epoch
    await connection().execute_query(_EPOCHS, [other_id, still_stands, whole.epoch])
    await connection().execute_query(_TOLD, [whole.id, other_id])
    await MessageRow.filter(conversation_id=other_id).update(conversation_id=whole.id)
    await EscalationRow.filter(conversation_id=other_id).update(conversation_id=whole.id)
    await connection().execute_query(_CHAIN.format(table=ConversationRow.Meta.table), [whole.id, other_id])
    await ConversationRow.filter(id=whole.id).update(
        reply_kind=whole.reply_to.kind,
        reply_value=whole.reply_to.value,
        reply_since=whole.reply_since,
        last_customer_at=whole.last_customer_at,
        last_customer_message=whole.last_customer_message,
        window_refused_at=whole.window_refused_at,
        waiting_since=whole.waiting_since,
        answered_through=whole.answered_through,
        promises=whole.promises or None,
        language=whole.language,
        recap=None,  # it speaks of one of the two, and what the other said lies between
        recap_through=None,
    )


async def settle_phone(customer_id: int) -> None:
    """Of two numbers theirs is the one they are written to."""
    await connection().execute_query(_PHONE, [customer_id])


async def note(whole: Conversation, note_: str, at: datetime) -> None:
    """The line in the audit."""
    await Audit.create(inbox_id=whole.inbox_id, conversation_id=whole.id, event="merge", note=note_, at=at)


async def last_said(conversation_id: int, limit: int) -> list[int]:
    """The ids of the conversation's last messages, oldest first."""
    rows = (
        await MessageRow.filter(conversation_id=conversation_id)
        .order_by("-id")
        .limit(limit)
        .values_list("id", flat=True)
    )
    return sorted(int(str(each)) for each in rows)
