"""The tables of the desk: who works there, what they were told, and who changed what."""

from __future__ import annotations

from typing import ClassVar

from tortoise import fields
from tortoise.fields import Field
from tortoise.indexes import Index
from tortoise.models import Model

from storage.models import Json


class Staff(Model):
    """A Slack user as the workspace last described them, and when they last looked at the Escalations page."""

    id = fields.CharField(max_length=32, primary_key=True)
    inbox_id = fields.IntField()
    name = fields.TextField(default="")
    team_id = fields.CharField(max_length=32, null=True)
    is_bot = fields.BooleanField(default=False)
    is_guest = fields.BooleanField(default=False)
    is_outsider = fields.BooleanField(default=False)
    described_at = fields.DatetimeField(null=True)
    home_seen_at = fields.DatetimeField(null=True)
    time_zone = fields.CharField(max_length=64, null=True)  # as Slack names it, such as Europe/Madrid
    away_since = fields.DatetimeField(null=True)  # said so themselves: they get no work and no word
    preferences = fields.JSONField[Json](null=True)  # what they want to be told, and when
    home = fields.JSONField[Json](null=True)  # how they look at the Escalations page: filter and pages

    class Meta(Model.Meta):
        table = "staff"


class UserGroup(Model):
    """Who is in a user group of the workspace, as Slack last told."""

    id = fields.CharField(max_length=32, primary_key=True)
    inbox_id = fields.IntField()
    members = fields.JSONField[list[str]]()
    fetched_at = fields.DatetimeField()

    class Meta(Model.Meta):
        table = "user_group"


class ChannelMembers(Model):
    """Who is in a channel of Slack's, as Slack last told."""

    id = fields.CharField(max_length=32, primary_key=True)
    inbox_id = fields.IntField()
    members = fields.JSONField[list[str]]()
    fetched_at = fields.DatetimeField()

    class Meta(Model.Meta):
        table = "channel_members"


class Notice(Model):
    """A direct message to one of the staff about an escalation: where it is, so that it can be kept true or removed."""

    id: Field[int] = fields.BigIntField(primary_key=True)
    inbox_id = fields.IntField()
    escalation_id: Field[int] = fields.BigIntField()
    staff_id = fields.CharField(max_length=32)
    kind = fields.CharField(max_length=16)
    channel = fields.CharField(max_length=32)
    ts = fields.CharField(max_length=32)
    shown = fields.CharField(max_length=64, default="")  # how things stood when it was last drawn
    said_at = fields.DatetimeField()

    class Meta(Model.Meta):
        table = "notice"
        unique_together = (("channel", "ts", "escalation_id"),)
        indexes: ClassVar[list[Index]] = [Index(fields=("escalation_id",), name="notice_escalation")]


class Audit(Model):
    """Who changed whose hands when. Rows are only ever added."""

    id: Field[int] = fields.BigIntField(primary_key=True)
    inbox_id = fields.IntField()
    conversation_id: Field[int] = fields.BigIntField()
    escalation_id: Field[int | None] = fields.BigIntField(null=True)
    event = fields.CharField(max_length=32)
    actor = fields.CharField(max_length=32, null=True)
    from_status = fields.CharField(max_length=16, null=True)
    to_status = fields.CharField(max_length=16, null=True)
    holder = fields.CharField(max_length=32, null=True)  # whose it was from then on
    note = fields.TextField(default="")
    at = fields.DatetimeField()

    class Meta(Model.Meta):
        table = "audit"
        indexes: ClassVar[list[Index]] = [Index(fields=("escalation_id", "id"), name="audit_escalation")]
