"""When Slack took a file, and a crew for what takes minutes."""

from tortoise import fields, migrations
from tortoise.migrations import operations as ops

from bot.domain.work import Crew


class Migration(migrations.Migration):
    dependencies = [("models", "0010_inbound")]

    operations = [
        ops.AddField(
            model_name="Media",
            name="slack_shared_at",
            field=fields.DatetimeField(null=True, auto_now=False, auto_now_add=False),
        ),
        ops.AlterField(
            model_name="Lane",
            name="crew",
            field=fields.CharEnumField(
                description="DESK: desk\nTHINK: think\nWHATSAPP: whatsapp\nSLACK: slack\nMEDIA: media",
                enum_type=Crew,
                max_length=16,
            ),
        ),
        # Old pieces are looked for each hour.
        ops.RunSQL(
            "CREATE INDEX media_chunk_age ON media_chunk (created_at)",
            "DROP INDEX media_chunk_age",
        ),
    ]
