"""Sides that are paused, threads that were left, doubts about what was sent, and windows that WhatsApp calls closed."""

from tortoise import fields, migrations
from tortoise.migrations import operations as ops


class Migration(migrations.Migration):
    dependencies = [("models", "0003_pace")]

    operations = [
        ops.CreateModel(
            name="FormerThread",
            fields=[
                ("id", fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ("inbox_id", fields.IntField()),
                ("escalation_id", fields.BigIntField()),
                ("channel", fields.CharField(max_length=32)),
                ("ts", fields.CharField(max_length=32)),
                ("left_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "former_thread",
                "app": "models",
                "unique_together": (("channel", "ts"),),
                "pk_attr": "id",
                "table_description": "A thread that an escalation has left because Slack lost it: replies there are still heard.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="PauseRow",
            fields=[
                ("key", fields.CharField(primary_key=True, unique=True, db_index=True, max_length=80)),
                ("inbox_id", fields.IntField()),
                ("side", fields.CharField(max_length=64)),
                ("reason", fields.TextField(unique=False)),
                ("since", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("probe_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("failures", fields.IntField(default=1)),
            ],
            options={
                "table": "pause",
                "app": "models",
                "pk_attr": "key",
                "table_description": "A way out that is blocked until somebody mends it. `key` names inbox and side; one task at a time probes it.",
            },
            bases=["Model"],
        ),
        ops.AddField(
            model_name="ConversationRow",
            name="window_refused_at",
            field=fields.DatetimeField(null=True, auto_now=False, auto_now_add=False),
        ),
        ops.AddField(model_name="Task", name="doubts", field=fields.IntField(default=0)),
        ops.AddField(
            model_name="Task", name="waits_for", field=fields.CharField(null=True, max_length=80)
        ),
        # Resuming wakes what waits behind a pause; at all other times this index is empty.
        ops.RunSQL(
            "CREATE INDEX task_waiting ON task (waits_for) WHERE done_at IS NULL AND waits_for IS NOT NULL",
            "DROP INDEX task_waiting",
        ),
    ]
