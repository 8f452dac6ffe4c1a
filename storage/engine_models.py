"""The tables of the engine: tasks and their lanes, budgets of calls, and ways out that are blocked."""

from __future__ import annotations

from tortoise import fields
from tortoise.fields import Field
from tortoise.models import Model

from bot.domain.work import Crew
from storage.models import Json


class Lane(Model):
    """The queue's turnstile: one row per lane with work in it; whoever leases the lane runs its first task."""

    name = fields.CharField(max_length=300, primary_key=True)
    crew = fields.CharEnumField(Crew, max_length=16)
    due_at = fields.DatetimeField()
    leased_by = fields.IntField(null=True)
    lease: Field[int] = fields.BigIntField(default=0)
    leased_until = fields.DatetimeField(null=True)

    class Meta(Model.Meta):
        table = "lane"


class Task(Model):
    """One thing to do later. `revision` grows when a waiting render-latest task is asked for again."""

    id: Field[int] = fields.BigIntField(primary_key=True)
    inbox_id = fields.IntField()
    kind = fields.CharField(max_length=32)
    lane = fields.CharField(max_length=300)
    key = fields.CharField(max_length=700, null=True, unique=True)
    latest_key = fields.CharField(max_length=300, null=True)
    payload = fields.JSONField[Json]()
    revision = fields.IntField(default=0)
    not_before = fields.DatetimeField()
    reserved_at = fields.DatetimeField(null=True)  # the send time that the pace gave it
    started = fields.IntField(default=0)
    failures = fields.IntField(default=0)
    doubts = fields.IntField(default=0)
    waits_for = fields.CharField(max_length=80, null=True)  # the pause it waits behind
    last_error = fields.TextField(default="")
    created_at = fields.DatetimeField(auto_now_add=True)
    done_at = fields.DatetimeField(null=True)
    dead = fields.BooleanField(default=False)

    class Meta(Model.Meta):
        table = "task"


class Pace(Model):
    """A budget of calls that all replicas share. Unlogged: after a crash of the server every bucket is full again."""

    key = fields.CharField(max_length=200, primary_key=True)
    inbox_id = fields.IntField()
    booked_until = fields.DatetimeField()
    held_until = fields.DatetimeField(null=True)

    class Meta(Model.Meta):
        table = "pace"


class PauseRow(Model):
    """A way out that is blocked until somebody mends it. `key` names inbox and side; one task at a time probes it."""

    key = fields.CharField(max_length=80, primary_key=True)
    inbox_id = fields.IntField()
    side = fields.CharField(max_length=64)
    reason = fields.TextField()
    since = fields.DatetimeField()
    probe_at = fields.DatetimeField()
    failures = fields.IntField(default=1)

    class Meta(Model.Meta):
        table = "pause"
