"""Since when a customer is known to be reached where we write to them."""

from tortoise import fields, migrations
from tortoise.migrations import operations as ops


class Migration(migrations.Migration):
    dependencies = [("models", "0011_media")]

    initial = False

    operations = [
        ops.AddField(model_name="ConversationRow", name="reply_since", field=fields.DatetimeField(null=True)),
    ]
