"""When the clock next looks at the reply window of a conversation that people have."""

from tortoise import fields, migrations
from tortoise.migrations import operations as ops


class Migration(migrations.Migration):
    dependencies = [("models", "0008_corrections")]

    operations = [
        ops.AddField(
            model_name="EscalationRow",
            name="window_due_at",
            field=fields.DatetimeField(null=True, auto_now=False, auto_now_add=False),
        ),
        ops.RunSQL(
            "UPDATE escalation SET window_due_at = now() WHERE status IN ('queued', 'open')",
            "UPDATE escalation SET window_due_at = NULL",
        ),
        ops.RunSQL(
            "CREATE INDEX escalation_window ON escalation (window_due_at) WHERE status IN ('queued', 'open')",
            "DROP INDEX escalation_window",
        ),
    ]
