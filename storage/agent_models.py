"""The tables of the agent: what it was told, what it looked up, what it drafted, and what staff have taught it."""

from __future__ import annotations

from typing import ClassVar

from tortoise import fields
from tortoise.fields import Field
from tortoise.indexes import Index
from tortoise.models import Model

from storage.models import Json


class PromptVersion(Model):
    """A prompt that an inbox's agent has spoken by, so that each answer can be held against what it was told."""

    id: Field[int] = fields.BigIntField(primary_key=True)
    inbox_id = fields.IntField()
    digest = fields.CharField(max_length=64)
    text = fields.TextField()
    first_used_at = fields.DatetimeField()

    class Meta(Model.Meta):
        table = "prompt_version"
        unique_together = (("inbox_id", "digest"),)


class Lookup(Model):
    """A search that the agent made in the knowledge for a customer's question, and how much it found."""

    id: Field[int] = fields.BigIntField(primary_key=True)
    inbox_id = fields.IntField()
    conversation_id: Field[int] = fields.BigIntField()
    message_id: Field[int] = fields.BigIntField()  # the customer's latest message when it was made
    query = fields.TextField()
    found = fields.IntField()
    sources = fields.JSONField[list[Json]](null=True)
    handed_over = fields.BooleanField(default=False)  # the turn ended with people, not with an answer
    at = fields.DatetimeField()

    class Meta(Model.Meta):
        table = "lookup"
        indexes: ClassVar[list[Index]] = [
            Index(fields=("conversation_id", "id"), name="lookup_conversation"),
            Index(fields=("inbox_id", "at"), name="lookup_recent"),
        ]


class Draft(Model):
    """An answer that the AI has proposed to one of the staff, who may send it."""

    id: Field[int] = fields.BigIntField(primary_key=True)
    inbox_id = fields.IntField()
    escalation_id: Field[int] = fields.BigIntField()
    staff_id = fields.CharField(max_length=32)
    kind = fields.CharField(max_length=16)
    message_id: Field[int | None] = fields.BigIntField(null=True)  # of a translation: the reply that it is of
    language = fields.CharField(max_length=16, null=True)  # of a translation
    through: Field[int] = fields.BigIntField(default=0)  # the last message it knows of
    text = fields.TextField(default="")
    original = fields.TextField(default="")  # before it was translated
    sources = fields.JSONField[list[Json]](null=True)
    status = fields.CharField(max_length=16)
    at = fields.DatetimeField()

    class Meta(Model.Meta):
        table = "draft"
        indexes: ClassVar[list[Index]] = [
            Index(fields=("escalation_id", "id"), name="draft_escalation"),
            Index(fields=("message_id",), name="draft_message"),
        ]


class Taught(Model):
    """An answer that staff have added to an inbox's knowledge; what they take back stays as a row."""

    id: Field[int] = fields.BigIntField(primary_key=True)
    inbox_id = fields.IntField()
    question = fields.TextField()
    answer = fields.TextField()
    staff_id = fields.CharField(max_length=32)
    message_id: Field[int | None] = fields.BigIntField(null=True)  # the staff answer it was made from
    at = fields.DatetimeField()
    removed_at = fields.DatetimeField(null=True)
    removed_by = fields.CharField(max_length=32, null=True)

    class Meta(Model.Meta):
        table = "taught"
        indexes: ClassVar[list[Index]] = [Index(fields=("inbox_id", "id"), name="taught_inbox")]
