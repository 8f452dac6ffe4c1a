"""The tables of an inbox's knowledge: pages, the passages they are cut into, and the words that they are written in.

The meanings of passages have a table of their own, made where an embedding model is set (storage/knowledge/meanings).
"""

from __future__ import annotations

from typing import ClassVar

from tortoise import fields
from tortoise.contrib.postgres.fields import ArrayField, TSVectorField
from tortoise.fields import Field
from tortoise.indexes import Index
from tortoise.models import Model


class KnowledgePage(Model):
    """A file of the folder as it was last read, or an answer that staff have taught."""

    id: Field[int] = fields.BigIntField(primary_key=True)
    inbox_id = fields.IntField()
    source = fields.CharField(max_length=500)
    language = fields.CharField(max_length=64)  # a text search configuration of PostgreSQL
    digest = fields.CharField(max_length=64)
    size: Field[int] = fields.BigIntField(default=0)
    changed_ns: Field[int] = fields.BigIntField(default=0)  # the file's own time; 0: it was too young to be trusted
    passages = fields.IntField()
    trouble = fields.TextField(default="")  # why it could not be read
    indexed_at = fields.DatetimeField()

    class Meta(Model.Meta):
        table = "knowledge_page"
        unique_together = (("inbox_id", "source"),)


class KnowledgePassage(Model):
    """A piece of a page that the agent can find."""

    id: Field[int] = fields.BigIntField(primary_key=True)
    inbox_id = fields.IntField()
    source = fields.CharField(max_length=500)
    position = fields.IntField()
    title = fields.TextField()
    body = fields.TextField()
    digest = fields.CharField(max_length=64)
    language = fields.CharField(max_length=64, null=True)
    search = TSVectorField(null=True)

    class Meta(Model.Meta):
        table = "knowledge"
        indexes: ClassVar[list[Index]] = [Index(fields=("inbox_id", "source"), name="knowledge_source")]


class KnowledgeWord(Model):
    """A word of an inbox's pages, so that one typed without accents, or mistyped, leads to it."""

    id: Field[int] = fields.BigIntField(primary_key=True)
    inbox_id = fields.IntField()
    folded = fields.CharField(max_length=64)
    spelled = fields.CharField(max_length=64)
    near = ArrayField("text")  # itself, and itself without each of its letters

    class Meta(Model.Meta):
        table = "knowledge_word"
        unique_together = (("inbox_id", "folded", "spelled"),)
