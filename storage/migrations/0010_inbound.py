"""Customers' reactions as staff see them, and an index of what changes a message that may not have come yet."""

from tortoise import fields, migrations
from tortoise.migrations import operations as ops


class Migration(migrations.Migration):
    dependencies = [("models", "0009_window")]

    operations = [
        ops.CreateModel(
            name="CustomerReaction",
            fields=[
                ("message_id", fields.BigIntField(primary_key=True, generated=False, unique=True, db_index=True)),
                ("inbox_id", fields.IntField()),
                ("emoji", fields.TextField()),
                ("said_in", fields.BigIntField()),
                ("said_at", fields.DatetimeField()),
                ("shown", fields.CharField(max_length=100, default="")),
            ],
            options={
                "table": "customer_reaction",
                "app": "models",
                "pk_attr": "message_id",
                "table_description": "The reaction that a customer left on a message: the newest one, and what of it staff see in Slack.",
            },
            bases=["Model"],
        ),
        # Almost empty: looked into for each message that comes, since WhatsApp promises no order.
        ops.RunSQL(
            "CREATE INDEX message_change ON message (inbox_id, quoted_wamid) WHERE kind IN ('edit', 'revoke')",
            "DROP INDEX message_change",
        ),
    ]
