"""An inbox may spread its threads over several channels, and is served from its row once the settings forget it."""

from tortoise import fields, migrations
from tortoise.migrations import operations as ops


class Migration(migrations.Migration):
    dependencies = [("models", "0017_digests")]

    initial = False

    operations = [
        ops.AddField(model_name="Inbox", name="more_channels", field=fields.JSONField(null=True)),
        ops.AddField(model_name="Inbox", name="account", field=fields.CharField(null=True, max_length=64)),
    ]
