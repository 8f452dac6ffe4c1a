"""The tables. Every row belongs to an inbox, so that an inbox can move to another server.

Partial indexes, which Tortoise cannot express, are written as SQL in the first migration.
`BigIntField` does not tell type checkers what it holds, so each says so itself.
"""

from __future__ import annotations

from typing import ClassVar

from tortoise import fields
from tortoise.contrib.postgres.fields import ArrayField
from tortoise.fields import Field
from tortoise.indexes import Index
from tortoise.models import Model

from bot.domain.conversation import Author
from bot.domain.delivery import Delivery
from bot.domain.escalation import Priority, Status, Trigger
from bot.domain.people import AddressKind

Json = dict[str, object]


class Inbox(Model):
    """One WhatsApp number, its agent, and its Slack channel."""

    id = fields.IntField(primary_key=True)
    phone_number_id = fields.CharField(max_length=64, unique=True)
    name = fields.CharField(max_length=200)
    slack_channel = fields.CharField(max_length=32)
    more_channels: Field[list[str] | None] = fields.JSONField(null=True)  # its threads are spread over all of them
    account = fields.CharField(max_length=64, null=True)
    masks_numbers = fields.BooleanField(default=False)  # staff see most of a phone number as stars
    report_due_at = fields.DatetimeField(null=True)  # when its channel next gets the weekly report
    created_at = fields.DatetimeField(auto_now_add=True)

    class Meta(Model.Meta):
        table = "inbox"


class CustomerRow(Model):
    id: Field[int] = fields.BigIntField(primary_key=True)
    inbox_id = fields.IntField()
    name = fields.TextField(default="")
    username = fields.TextField(null=True)
    phone = fields.TextField(null=True)
    merged_into: Field[int | None] = fields.BigIntField(null=True)  # WhatsApp says that the two are one person
    opted_out_at = fields.DatetimeField(null=True)  # asked to hear nothing that they did not ask for
    blocked_at = fields.DatetimeField(null=True)  # staff do not want to hear from them
    blocked_by = fields.CharField(max_length=32, null=True)
    tags = fields.JSONField[list[str]](null=True)
    sought = ArrayField("text", null=True)  # what of their names they are found by
    created_at = fields.DatetimeField(auto_now_add=True)

    class Meta(Model.Meta):
        table = "customer"


class CustomerNote(Model):
    """What staff wrote down about a customer, for each other."""

    id: Field[int] = fields.BigIntField(primary_key=True)
    inbox_id = fields.IntField()
    customer_id: Field[int] = fields.BigIntField()
    staff_id = fields.CharField(max_length=32)
    text = fields.TextField()
    at = fields.DatetimeField()

    class Meta(Model.Meta):
        table = "customer_note"
        indexes: ClassVar[list[Index]] = [Index(fields=("customer_id", "id"), name="customer_note_customer")]


class Erasure(Model):
    """That a customer was forgotten: when, on whose word, and how much there was. Nothing of who they were."""

    id: Field[int] = fields.BigIntField(primary_key=True)
    inbox_id = fields.IntField()
    customer_id: Field[int] = fields.BigIntField()
    asked_by = fields.CharField(max_length=32)
    asked_at = fields.DatetimeField()
    ended_at = fields.DatetimeField(null=True)
    counts = fields.JSONField[dict[str, int]](default=dict)

    class Meta(Model.Meta):
        table = "erasure"


class Alias(Model):
    """One of the names WhatsApp knows a customer by."""

    id: Field[int] = fields.BigIntField(primary_key=True)
    inbox_id = fields.IntField()
    customer_id: Field[int] = fields.BigIntField()
    kind = fields.CharEnumField(AddressKind, max_length=16)
    value = fields.CharField(max_length=160)

    class Meta(Model.Meta):
        table = "alias"
        unique_together = (("inbox_id", "kind", "value"),)
        indexes: ClassVar[list[Index]] = [Index(fields=("customer_id",), name="alias_customer")]


class ConversationRow(Model):
    id: Field[int] = fields.BigIntField(primary_key=True)
    inbox_id = fields.IntField()
    customer_id: Field[int] = fields.BigIntField(unique=True)
    epoch = fields.IntField(default=0)
    with_people = fields.BooleanField(default=False)
    reply_kind = fields.CharEnumField(AddressKind, max_length=16)
    reply_value = fields.CharField(max_length=160)
    reply_since = fields.DatetimeField(null=True)  # news of another address that is older than this comes too late
    last_customer_at = fields.DatetimeField(null=True)
    last_customer_message: Field[int] = fields.BigIntField(default=0)
    window_refused_at = fields.DatetimeField(null=True)  # when WhatsApp last said that the window is closed
    waiting_since = fields.DatetimeField(null=True)
    answered_through: Field[int] = fields.BigIntField(default=0)
    guidance = fields.TextField(default="")
    happened = fields.TextField(null=True)  # what people have told the AI about their last stretch
    promises = fields.TextField(null=True)  # what people have promised the customer, which the AI has to keep
    recap = fields.TextField(null=True)  # what was said before the messages that the AI still reads word by word
    recap_through: Field[int | None] = fields.BigIntField(null=True)  # the last message that it sums up
    told_until = fields.DatetimeField(null=True)  # the opening that the customer was last told to wait for
    language = fields.CharField(max_length=16, null=True)
    merged_into: Field[int | None] = fields.BigIntField(null=True)  # it goes on there: two customers were one person
    updated_at = fields.DatetimeField(auto_now=True)

    class Meta(Model.Meta):
        table = "conversation"
        indexes: ClassVar[list[Index]] = [Index(fields=("inbox_id", "last_customer_at"), name="conversation_recent")]


class MessageRow(Model):
    id: Field[int] = fields.BigIntField(primary_key=True)
    inbox_id = fields.IntField()
    conversation_id: Field[int] = fields.BigIntField()
    escalation_id: Field[int | None] = fields.BigIntField(null=True)
    author = fields.CharEnumField(Author, max_length=16)
    staff_id = fields.CharField(max_length=32, null=True)
    kind = fields.CharField(max_length=32)
    text = fields.TextField()
    status = fields.CharEnumField(Delivery, max_length=16)
    failure = fields.TextField(default="")
    epoch = fields.IntField(default=0)
    wamid = fields.CharField(max_length=512, null=True)
    quoted_wamid = fields.CharField(max_length=512, null=True)
    slack_channel = fields.CharField(max_length=32, null=True)
    slack_ts = fields.CharField(max_length=32, null=True)
    marked = fields.CharField(max_length=64, default="")  # the reaction that staff see on it now
    details = fields.JSONField[Json](null=True)  # what its kind needs besides words: a template's values, a place
    leaving_at = fields.DatetimeField(null=True)  # a staff message's first try to leave began: no edit reaches it now
    part_of: Field[int | None] = fields.BigIntField(null=True)  # of a long message's parts: the last one, with the ts
    offered_text = fields.TextField(null=True)  # what its author has made of it since it left
    corrected_text = fields.TextField(null=True)  # what the customer was told instead
    edited_at = fields.DatetimeField(null=True)
    revoked_at = fields.DatetimeField(null=True)  # its author has deleted it
    sources = fields.JSONField[list[Json]](null=True)  # what the AI looked up for its answer
    heard = fields.TextField(null=True)  # what a machine has read or heard in its file
    spoken_language = fields.CharField(max_length=16, null=True)  # as whoever translated it recognised it
    translation = fields.TextField(null=True)  # its words in the thread's language; of staff's: what they wrote
    prompt_version: Field[int | None] = fields.BigIntField(null=True)  # what the AI was told when it said it
    original = fields.JSONField[Json](null=True)
    said_at = fields.DatetimeField()
    created_at = fields.DatetimeField(auto_now_add=True)

    class Meta(Model.Meta):
        table = "message"
        unique_together = (("inbox_id", "wamid"), ("slack_channel", "slack_ts"))
        indexes: ClassVar[list[Index]] = [Index(fields=("conversation_id", "id"), name="message_conversation")]


class Posted(Model):
    """Where in Slack a message of the conversation is shown; one post may show several."""

    id: Field[int] = fields.BigIntField(primary_key=True)
    inbox_id = fields.IntField()
    message_id: Field[int] = fields.BigIntField()
    channel = fields.CharField(max_length=32)
    ts = fields.CharField(max_length=32)

    class Meta(Model.Meta):
        table = "posted"
        unique_together = (("message_id", "channel", "ts"),)
        indexes: ClassVar[list[Index]] = [Index(fields=("channel", "ts"), name="posted_place")]


class CustomerReaction(Model):
    """The reaction that a customer left on a message: the newest one, and what of it staff see in Slack."""

    message_id: Field[int] = fields.BigIntField(primary_key=True, generated=False)
    inbox_id = fields.IntField()
    emoji = fields.TextField()  # empty: taken back
    said_in: Field[int] = fields.BigIntField()  # the message that brought it
    said_at = fields.DatetimeField()
    shown = fields.CharField(max_length=100, default="")  # Slack's name of the reaction, or that a line says it

    class Meta(Model.Meta):
        table = "customer_reaction"


class Media(Model):
    """A file that belongs to a message, on its way in from WhatsApp or out to it."""

    id: Field[int] = fields.BigIntField(primary_key=True)
    inbox_id = fields.IntField()
    message_id: Field[int] = fields.BigIntField()
    status = fields.CharField(max_length=16)
    failure = fields.TextField(default="")
    mime_type = fields.CharField(max_length=160)
    filename = fields.TextField(default="")
    size: Field[int | None] = fields.BigIntField(null=True)
    whatsapp_id = fields.CharField(max_length=160, null=True)
    whatsapp_url_at = fields.DatetimeField(null=True)  # when that id was given: it does not live for ever
    slack_id = fields.CharField(max_length=32, null=True)
    slack_url = fields.TextField(null=True)
    slack_shared_at = fields.DatetimeField(null=True)  # when Slack took it; it shows it some moments later
    created_at = fields.DatetimeField(auto_now_add=True)

    class Meta(Model.Meta):
        table = "media"
        indexes: ClassVar[list[Index]] = [Index(fields=("message_id",), name="media_message")]


class MediaChunk(Model):
    """A piece of a file's bytes, so that files of any size pass through little memory and every replica has them."""

    id: Field[int] = fields.BigIntField(primary_key=True)
    inbox_id = fields.IntField()
    media_id: Field[int] = fields.BigIntField()
    position = fields.IntField()
    content = fields.BinaryField()
    created_at = fields.DatetimeField(auto_now_add=True)

    class Meta(Model.Meta):
        table = "media_chunk"
        unique_together = (("media_id", "position"),)


class TemplateRow(Model):
    """A message template as WhatsApp last listed it."""

    id: Field[int] = fields.BigIntField(primary_key=True)
    inbox_id = fields.IntField()
    name = fields.CharField(max_length=512)
    language = fields.CharField(max_length=16)
    category = fields.CharField(max_length=32)
    status = fields.CharField(max_length=32)
    components = fields.JSONField[Json]()
    fetched_at = fields.DatetimeField()

    class Meta(Model.Meta):
        table = "template"
        unique_together = (("inbox_id", "name", "language"),)


class EarlyStatus(Model):
    """A delivery report whose message we do not know yet: kept until we do."""

    id: Field[int] = fields.BigIntField(primary_key=True)
    inbox_id = fields.IntField()
    wamid = fields.CharField(max_length=512)
    status = fields.CharEnumField(Delivery, max_length=16)
    failure = fields.TextField(default="")
    created_at = fields.DatetimeField(auto_now_add=True)

    class Meta(Model.Meta):
        table = "early_status"
        unique_together = (("inbox_id", "wamid", "status"),)


class EscalationRow(Model):
    id: Field[int] = fields.BigIntField(primary_key=True)
    inbox_id = fields.IntField()
    conversation_id: Field[int] = fields.BigIntField()
    status = fields.CharEnumField(Status, max_length=16)
    trigger = fields.CharEnumField(Trigger, max_length=16)
    reason = fields.TextField()
    summary = fields.TextField(default="")
    priority = fields.CharEnumField(Priority, max_length=16)
    language = fields.CharField(max_length=16)
    started_by = fields.CharField(max_length=32, null=True)
    queued_at = fields.DatetimeField()
    taken_by = fields.CharField(max_length=32, null=True)
    taken_at = fields.DatetimeField(null=True)
    ended_by = fields.CharField(max_length=32, null=True)
    ended_at = fields.DatetimeField(null=True)
    first_answer_at = fields.DatetimeField(null=True)  # when a person's first words to the customer were said
    first_answer_by = fields.CharField(max_length=32, null=True)
    snoozed_until = fields.DatetimeField(null=True)  # staff want no reminders of it before
    waiting_at = fields.DatetimeField(null=True)  # open: when it next has to be looked at because the customer waits
    idle_at = fields.DatetimeField(null=True)  # open: when it next has to be looked at because nobody says anything
    opened_after: Field[int] = fields.BigIntField(default=0)  # the last message that the opening transcript holds
    remind_at = fields.DatetimeField(null=True)
    told_since = fields.DatetimeField(null=True)  # the wait that staff were last reminded of,
    told_step = fields.IntField(null=True)  # and through which step of its ladder
    window_due_at = fields.DatetimeField(null=True)  # when staff next have to see how little of the window is left
    card_channel = fields.CharField(max_length=32, null=True)
    card_ts = fields.CharField(max_length=32, null=True)
    thread_url = fields.TextField(null=True)
    thread_language = fields.CharField(max_length=16, null=True)  # its staff read and write in this one
    created_at = fields.DatetimeField()

    class Meta(Model.Meta):
        table = "escalation"
        unique_together = (("card_channel", "card_ts"),)
        indexes: ClassVar[list[Index]] = [
            Index(fields=("conversation_id", "id"), name="escalation_conversation"),
        ]


class FormerThread(Model):
    """A thread that an escalation has left because Slack lost it: replies there are still heard."""

    id: Field[int] = fields.BigIntField(primary_key=True)
    inbox_id = fields.IntField()
    escalation_id: Field[int] = fields.BigIntField()
    channel = fields.CharField(max_length=32)
    ts = fields.CharField(max_length=32)
    left_at = fields.DatetimeField()

    class Meta(Model.Meta):
        table = "former_thread"
        unique_together = (("channel", "ts"),)
