"""Direct messages to staff and where they are; who is in a user group."""

from tortoise import migrations
from tortoise.migrations import operations as ops
from orjson import loads
from tortoise.fields.data import JSON_DUMPS
from tortoise import fields
from tortoise.indexes import Index

class Migration(migrations.Migration):
    dependencies = [('models', '0013_desk')]

    initial = False

    operations = [
        ops.CreateModel(
            name='Notice',
            fields=[
                ('id', fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ('inbox_id', fields.IntField()),
                ('escalation_id', fields.BigIntField()),
                ('staff_id', fields.CharField(max_length=32)),
                ('kind', fields.CharField(max_length=16)),
                ('channel', fields.CharField(max_length=32)),
                ('ts', fields.CharField(max_length=32)),
                ('shown', fields.CharField(default='', max_length=64)),
                ('said_at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={'table': 'notice', 'app': 'models', 'unique_together': (('channel', 'ts'),), 'indexes': [Index(fields=['escalation_id'], name='notice_escalation')], 'pk_attr': 'id', 'table_description': 'A direct message to one of the staff about an escalation: where it is, so that it can be kept true or removed.'},
            bases=['Model'],
        ),
        ops.CreateModel(
            name='UserGroup',
            fields=[
                ('id', fields.CharField(primary_key=True, unique=True, db_index=True, max_length=32)),
                ('inbox_id', fields.IntField()),
                ('members', fields.JSONField(encoder=JSON_DUMPS, decoder=loads)),
                ('fetched_at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={'table': 'user_group', 'app': 'models', 'pk_attr': 'id', 'table_description': 'Who is in a user group of the workspace, as Slack last told.'},
            bases=['Model'],
        ),
    ]
