"""What Tortoise's models cannot express: partial indexes, and the generator-free text index."""

from tortoise import migrations
from tortoise.migrations import operations as ops


class Migration(migrations.Migration):
    dependencies = [("models", "0001_initial")]

    operations = [
        # One stretch at a time: two escalations of one conversation can never be active together.
        ops.RunSQL(
            "CREATE UNIQUE INDEX escalation_active ON escalation (conversation_id) WHERE status IN ('queued', 'open')",
            "DROP INDEX escalation_active",
        ),
        ops.RunSQL(
            "CREATE INDEX escalation_queue ON escalation (inbox_id, queued_at) WHERE status IN ('queued', 'open')",
            "DROP INDEX escalation_queue",
        ),
        ops.RunSQL(
            "CREATE INDEX escalation_remind ON escalation (remind_at) WHERE status = 'queued'",
            "DROP INDEX escalation_remind",
        ),
        # The engine reads only what is not done: a million done tasks cost nothing.
        ops.RunSQL("CREATE INDEX task_head ON task (lane, id) WHERE done_at IS NULL", "DROP INDEX task_head"),
        ops.RunSQL(
            "CREATE UNIQUE INDEX task_latest ON task (latest_key) WHERE done_at IS NULL AND latest_key IS NOT NULL",
            "DROP INDEX task_latest",
        ),
        ops.RunSQL("CREATE INDEX task_done ON task (done_at) WHERE done_at IS NOT NULL", "DROP INDEX task_done"),
        ops.RunSQL("CREATE INDEX lane_due ON lane (crew, due_at) WHERE leased_by IS NULL", "DROP INDEX lane_due"),
        ops.RunSQL("CREATE INDEX lane_leased ON lane (leased_by) WHERE leased_by IS NOT NULL", "DROP INDEX lane_leased"),
        ops.RunSQL("CREATE INDEX knowledge_search ON knowledge USING gin (search)", "DROP INDEX knowledge_search"),
        ops.RunSQL(
            "CREATE INDEX message_undelivered ON message (inbox_id, id) WHERE status = 'failed'",
            "DROP INDEX message_undelivered",
        ),
    ]
