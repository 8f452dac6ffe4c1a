"""Files, templates, where messages are shown, and what a message may undergo after it was said."""

from tortoise import migrations
from tortoise.migrations import operations as ops
from bot.domain.delivery import Delivery
from orjson import loads
from tortoise.fields.data import JSON_DUMPS
from tortoise import fields
from tortoise.indexes import Index

class Migration(migrations.Migration):
    dependencies = [('models', '0005_dead_tasks')]

    initial = False

    operations = [
        ops.CreateModel(
            name='Media',
            fields=[
                ('id', fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ('inbox_id', fields.IntField()),
                ('message_id', fields.BigIntField()),
                ('status', fields.CharField(max_length=16)),
                ('failure', fields.TextField(default='', unique=False)),
                ('mime_type', fields.CharField(max_length=160)),
                ('filename', fields.TextField(default='', unique=False)),
                ('size', fields.BigIntField(null=True)),
                ('whatsapp_id', fields.CharField(null=True, max_length=160)),
                ('whatsapp_url_at', fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ('slack_id', fields.CharField(null=True, max_length=32)),
                ('slack_url', fields.TextField(null=True, unique=False)),
                ('created_at', fields.DatetimeField(auto_now=False, auto_now_add=True)),
            ],
            options={'table': 'media', 'app': 'models', 'indexes': [Index(fields=['message_id'], name='media_message')], 'pk_attr': 'id', 'table_description': 'A file that belongs to a message, on its way in from WhatsApp or out to it.'},
            bases=['Model'],
        ),
        ops.CreateModel(
            name='MediaChunk',
            fields=[
                ('id', fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ('inbox_id', fields.IntField()),
                ('media_id', fields.BigIntField()),
                ('position', fields.IntField()),
                ('content', fields.BinaryField()),
                ('created_at', fields.DatetimeField(auto_now=False, auto_now_add=True)),
            ],
            options={'table': 'media_chunk', 'app': 'models', 'unique_together': (('media_id', 'position'),), 'pk_attr': 'id', 'table_description': "A piece of a file's bytes, so that files of any size pass through little memory and every replica has them."},
            bases=['Model'],
        ),
        ops.CreateModel(
            name='Posted',
            fields=[
                ('id', fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ('inbox_id', fields.IntField()),
                ('message_id', fields.BigIntField()),
                ('channel', fields.CharField(max_length=32)),
                ('ts', fields.CharField(max_length=32)),
            ],
            options={'table': 'posted', 'app': 'models', 'unique_together': (('message_id', 'channel', 'ts'),), 'indexes': [Index(fields=['channel', 'ts'], name='posted_place')], 'pk_attr': 'id', 'table_description': 'Where in Slack a message of the conversation is shown; one post may show several.'},
            bases=['Model'],
        ),
        ops.CreateModel(
            name='TemplateRow',
            fields=[
                ('id', fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ('inbox_id', fields.IntField()),
                ('name', fields.CharField(max_length=512)),
                ('language', fields.CharField(max_length=16)),
                ('category', fields.CharField(max_length=32)),
                ('status', fields.CharField(max_length=32)),
                ('components', fields.JSONField(encoder=JSON_DUMPS, decoder=loads)),
                ('fetched_at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={'table': 'template', 'app': 'models', 'unique_together': (('inbox_id', 'name', 'language'),), 'pk_attr': 'id', 'table_description': 'A message template as WhatsApp last listed it.'},
            bases=['Model'],
        ),
        ops.AddField(
            model_name='CustomerRow',
            name='merged_into',
            field=fields.BigIntField(null=True),
        ),
        ops.AddField(
            model_name='CustomerRow',
            name='opted_out_at',
            field=fields.DatetimeField(null=True, auto_now=False, auto_now_add=False),
        ),
        ops.AlterField(
            model_name='EarlyStatus',
            name='status',
            field=fields.CharEnumField(description='RECEIVED: received\nKEPT: kept\nHELD: held\nPARKED: parked\nQUEUED: queued\nSENT: sent\nDELIVERED: delivered\nREAD: read\nPLAYED: played\nUNCONFIRMED: unconfirmed\nFAILED: failed\nWITHDRAWN: withdrawn\nDROPPED: dropped', enum_type=Delivery, max_length=16),
        ),
        ops.AlterField(
            model_name='MessageRow',
            name='status',
            field=fields.CharEnumField(description='RECEIVED: received\nKEPT: kept\nHELD: held\nPARKED: parked\nQUEUED: queued\nSENT: sent\nDELIVERED: delivered\nREAD: read\nPLAYED: played\nUNCONFIRMED: unconfirmed\nFAILED: failed\nWITHDRAWN: withdrawn\nDROPPED: dropped', enum_type=Delivery, max_length=16),
        ),
        ops.AddField(
            model_name='MessageRow',
            name='details',
            field=fields.JSONField(null=True, encoder=JSON_DUMPS, decoder=loads),
        ),
        ops.AddField(
            model_name='MessageRow',
            name='edited_at',
            field=fields.DatetimeField(null=True, auto_now=False, auto_now_add=False),
        ),
        ops.AddField(
            model_name='MessageRow',
            name='revoked_at',
            field=fields.DatetimeField(null=True, auto_now=False, auto_now_add=False),
        ),
        # What waits for its customer, which is almost nothing: looked for each time one writes.
        ops.RunSQL(
            "CREATE INDEX message_parked ON message (conversation_id, id) WHERE status = 'parked'",
            "DROP INDEX message_parked",
        ),
    ]
