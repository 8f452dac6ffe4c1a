"""Who is in the inboxes' channels, as far as Slack told: they act, and nobody else."""

from tortoise import migrations
from tortoise.migrations import operations as ops
from orjson import loads
from tortoise.fields.data import JSON_DUMPS
from tortoise import fields

class Migration(migrations.Migration):
    dependencies = [('models', '0021_knowledge')]

    initial = False

    operations = [
        ops.CreateModel(
            name='ChannelMembers',
            fields=[
                ('id', fields.CharField(primary_key=True, unique=True, db_index=True, max_length=32)),
                ('inbox_id', fields.IntField()),
                ('members', fields.JSONField(encoder=JSON_DUMPS, decoder=loads)),
                ('fetched_at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={'table': 'channel_members', 'app': 'models', 'pk_attr': 'id', 'table_description': "Who is in a channel of Slack's, as Slack last told."},
            bases=['Model'],
        ),
    ]
