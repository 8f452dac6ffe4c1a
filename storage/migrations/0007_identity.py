"""Conversations that became one, and inboxes whose staff do not see numbers whole."""

from tortoise import fields, migrations
from tortoise.migrations import operations as ops


class Migration(migrations.Migration):
    dependencies = [("models", "0006_whatsapp_in_full")]

    initial = False

    operations = [
        ops.AddField(model_name="ConversationRow", name="merged_into", field=fields.BigIntField(null=True)),
        ops.AddField(model_name="Inbox", name="masks_numbers", field=fields.BooleanField(default=False)),
    ]
