"""The agent: what it was told and looked up, what it drafts, what staff teach it, and what a conversation holds for it."""

from tortoise import migrations
from tortoise.migrations import operations as ops
from orjson import loads
from tortoise.fields.data import JSON_DUMPS
from tortoise import fields
from tortoise.indexes import Index

class Migration(migrations.Migration):
    dependencies = [('models', '0018_inboxes')]

    initial = False

    operations = [
        ops.CreateModel(
            name='Draft',
            fields=[
                ('id', fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ('inbox_id', fields.IntField()),
                ('escalation_id', fields.BigIntField()),
                ('staff_id', fields.CharField(max_length=32)),
                ('kind', fields.CharField(max_length=16)),
                ('through', fields.BigIntField(default=0)),
                ('text', fields.TextField(default='', unique=False)),
                ('original', fields.TextField(default='', unique=False)),
                ('sources', fields.JSONField(null=True, encoder=JSON_DUMPS, decoder=loads)),
                ('status', fields.CharField(max_length=16)),
                ('at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={'table': 'draft', 'app': 'models', 'indexes': [Index(fields=['escalation_id', 'id'], name='draft_escalation')], 'pk_attr': 'id', 'table_description': 'An answer that the AI has proposed to one of the staff, who may send it.'},
            bases=['Model'],
        ),
        ops.CreateModel(
            name='Lookup',
            fields=[
                ('id', fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ('inbox_id', fields.IntField()),
                ('conversation_id', fields.BigIntField()),
                ('message_id', fields.BigIntField()),
                ('query', fields.TextField(unique=False)),
                ('found', fields.IntField()),
                ('sources', fields.JSONField(null=True, encoder=JSON_DUMPS, decoder=loads)),
                ('handed_over', fields.BooleanField(default=False)),
                ('at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={'table': 'lookup', 'app': 'models', 'indexes': [Index(fields=['conversation_id', 'id'], name='lookup_conversation'), Index(fields=['inbox_id', 'at'], name='lookup_recent')], 'pk_attr': 'id', 'table_description': "A search that the agent made in the knowledge for a customer's question, and how much it found."},
            bases=['Model'],
        ),
        ops.CreateModel(
            name='PromptVersion',
            fields=[
                ('id', fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ('inbox_id', fields.IntField()),
                ('digest', fields.CharField(max_length=64)),
                ('text', fields.TextField(unique=False)),
                ('first_used_at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={'table': 'prompt_version', 'app': 'models', 'unique_together': (('inbox_id', 'digest'),), 'pk_attr': 'id', 'table_description': "A prompt that an inbox's agent has spoken by, so that each answer can be held against what it was told."},
            bases=['Model'],
        ),
        ops.CreateModel(
            name='Taught',
            fields=[
                ('id', fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ('inbox_id', fields.IntField()),
                ('question', fields.TextField(unique=False)),
                ('answer', fields.TextField(unique=False)),
                ('staff_id', fields.CharField(max_length=32)),
                ('message_id', fields.BigIntField(null=True)),
                ('at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ('removed_at', fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ('removed_by', fields.CharField(null=True, max_length=32)),
            ],
            options={'table': 'taught', 'app': 'models', 'indexes': [Index(fields=['inbox_id', 'id'], name='taught_inbox')], 'pk_attr': 'id', 'table_description': "An answer that staff have added to an inbox's knowledge; what they take back stays as a row."},
            bases=['Model'],
        ),
        ops.AddField(
            model_name='ConversationRow',
            name='promises',
            field=fields.TextField(null=True, unique=False),
        ),
        ops.AddField(
            model_name='ConversationRow',
            name='recap',
            field=fields.TextField(null=True, unique=False),
        ),
        ops.AddField(
            model_name='ConversationRow',
            name='recap_through',
            field=fields.BigIntField(null=True),
        ),
        ops.AddField(
            model_name='EscalationRow',
            name='thread_language',
            field=fields.CharField(null=True, max_length=16),
        ),
        ops.AddField(
            model_name='MessageRow',
            name='heard',
            field=fields.TextField(null=True, unique=False),
        ),
        ops.AddField(
            model_name='MessageRow',
            name='prompt_version',
            field=fields.BigIntField(null=True),
        ),
        ops.AddField(
            model_name='MessageRow',
            name='sources',
            field=fields.JSONField(null=True, encoder=JSON_DUMPS, decoder=loads),
        ),
        ops.AddField(
            model_name='MessageRow',
            name='spoken_language',
            field=fields.CharField(null=True, max_length=16),
        ),
        ops.AddField(
            model_name='MessageRow',
            name='translation',
            field=fields.TextField(null=True, unique=False),
        ),
    ]
