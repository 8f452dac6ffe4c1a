"""The desk: what staff prefer, know about customers, and put off; what was forgotten."""

from tortoise import migrations
from tortoise.migrations import operations as ops
from orjson import loads
from tortoise.fields.data import JSON_DUMPS
from tortoise import fields
from tortoise.indexes import Index

class Migration(migrations.Migration):
    dependencies = [('models', '0012_addresses')]

    initial = False

    operations = [
        ops.CreateModel(
            name='CustomerNote',
            fields=[
                ('id', fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ('inbox_id', fields.IntField()),
                ('customer_id', fields.BigIntField()),
                ('staff_id', fields.CharField(max_length=32)),
                ('text', fields.TextField(unique=False)),
                ('at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={'table': 'customer_note', 'app': 'models', 'indexes': [Index(fields=['customer_id', 'id'], name='customer_note_customer')], 'pk_attr': 'id', 'table_description': 'What staff wrote down about a customer, for each other.'},
            bases=['Model'],
        ),
        ops.CreateModel(
            name='Erasure',
            fields=[
                ('id', fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ('inbox_id', fields.IntField()),
                ('customer_id', fields.BigIntField()),
                ('asked_by', fields.CharField(max_length=32)),
                ('asked_at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ('ended_at', fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ('counts', fields.JSONField(default=dict, encoder=JSON_DUMPS, decoder=loads)),
            ],
            options={'table': 'erasure', 'app': 'models', 'pk_attr': 'id', 'table_description': 'That a customer was forgotten: when, on whose word, and how much there was. Nothing of who they were.'},
            bases=['Model'],
        ),
        ops.AddField(
            model_name='ConversationRow',
            name='told_until',
            field=fields.DatetimeField(null=True, auto_now=False, auto_now_add=False),
        ),
        ops.AddField(
            model_name='CustomerRow',
            name='blocked_at',
            field=fields.DatetimeField(null=True, auto_now=False, auto_now_add=False),
        ),
        ops.AddField(
            model_name='CustomerRow',
            name='blocked_by',
            field=fields.CharField(null=True, max_length=32),
        ),
        ops.AddField(
            model_name='CustomerRow',
            name='tags',
            field=fields.JSONField(null=True, encoder=JSON_DUMPS, decoder=loads),
        ),
        ops.AddField(
            model_name='EscalationRow',
            name='first_answer_at',
            field=fields.DatetimeField(null=True, auto_now=False, auto_now_add=False),
        ),
        ops.AddField(
            model_name='EscalationRow',
            name='idle_at',
            field=fields.DatetimeField(null=True, auto_now=False, auto_now_add=False),
        ),
        ops.AddField(
            model_name='EscalationRow',
            name='snoozed_until',
            field=fields.DatetimeField(null=True, auto_now=False, auto_now_add=False),
        ),
        ops.AddField(
            model_name='EscalationRow',
            name='waiting_at',
            field=fields.DatetimeField(null=True, auto_now=False, auto_now_add=False),
        ),
        ops.AddField(
            model_name='Staff',
            name='away_since',
            field=fields.DatetimeField(null=True, auto_now=False, auto_now_add=False),
        ),
        ops.AddField(
            model_name='Staff',
            name='home',
            field=fields.JSONField(null=True, encoder=JSON_DUMPS, decoder=loads),
        ),
        ops.AddField(
            model_name='Staff',
            name='preferences',
            field=fields.JSONField(null=True, encoder=JSON_DUMPS, decoder=loads),
        ),
        ops.AddField(
            model_name='Staff',
            name='time_zone',
            field=fields.CharField(null=True, max_length=64),
        ),
        ops.RunSQL(
            "CREATE INDEX escalation_waiting ON escalation (waiting_at) WHERE status = 'open'",
            "DROP INDEX escalation_waiting",
        ),
        ops.RunSQL(
            "CREATE INDEX escalation_idle ON escalation (idle_at) WHERE status = 'open'",
            "DROP INDEX escalation_idle",
        ),
    ]
