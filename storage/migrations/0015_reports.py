"""Who answered first, whose an escalation was after each change, when the weekly report is due; ways to the figures."""

from tortoise import fields, migrations
from tortoise.migrations import operations as ops


class Migration(migrations.Migration):
    dependencies = [("models", "0014_notices")]

    initial = False

    operations = [
        ops.AddField(
            model_name="EscalationRow", name="first_answer_by", field=fields.CharField(null=True, max_length=32)
        ),
        ops.AddField(model_name="Audit", name="holder", field=fields.CharField(null=True, max_length=32)),
        ops.AddField(model_name="Inbox", name="report_due_at", field=fields.DatetimeField(null=True)),
        ops.RunSQL(
            "CREATE INDEX escalation_begun ON escalation (inbox_id, created_at)",
            "DROP INDEX escalation_begun",
        ),
        ops.RunSQL(
            "CREATE INDEX escalation_ended ON escalation (inbox_id, ended_at) WHERE ended_at IS NOT NULL",
            "DROP INDEX escalation_ended",
        ),
        ops.RunSQL("CREATE INDEX audit_inbox ON audit (inbox_id, at)", "DROP INDEX audit_inbox"),
        # Nothing in it changes after a message was stored, so its ticks stay as cheap as they were.
        ops.RunSQL(
            "CREATE INDEX message_answer ON message (inbox_id, said_at) WHERE author IN ('bot', 'staff')",
            "DROP INDEX message_answer",
        ),
        ops.RunSQL(
            "CREATE INDEX task_reminder ON task (inbox_id, done_at) "
            "WHERE kind IN ('slack.remind', 'slack.remind_holder') AND done_at IS NOT NULL",
            "DROP INDEX task_reminder",
        ),
    ]
