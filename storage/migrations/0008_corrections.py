"""What staff make of their messages after they wrote them: when one began to leave, its parts, and newer words."""

from tortoise import fields, migrations
from tortoise.migrations import operations as ops


class Migration(migrations.Migration):
    dependencies = [("models", "0007_identity")]

    initial = False

    operations = [
        ops.AddField(
            model_name="MessageRow",
            name="leaving_at",
            field=fields.DatetimeField(null=True, auto_now=False, auto_now_add=False),
        ),
        ops.AddField(model_name="MessageRow", name="part_of", field=fields.BigIntField(null=True)),
        ops.AddField(model_name="MessageRow", name="offered_text", field=fields.TextField(null=True, unique=False)),
        ops.AddField(model_name="MessageRow", name="corrected_text", field=fields.TextField(null=True, unique=False)),
        ops.RunSQL(
            "CREATE INDEX message_parts ON message (part_of) WHERE part_of IS NOT NULL",
            "DROP INDEX message_parts",
        ),
    ]
