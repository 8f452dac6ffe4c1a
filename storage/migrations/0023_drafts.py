from tortoise import migrations
from tortoise.migrations import operations as ops
from tortoise import fields
from tortoise.indexes import Index

class Migration(migrations.Migration):
    dependencies = [('models', '0022_channel_members')]

    initial = False

    operations = [
        ops.AddField(
            model_name='Draft',
            name='language',
            field=fields.CharField(null=True, max_length=16),
        ),
        ops.AddField(
            model_name='Draft',
            name='message_id',
            field=fields.BigIntField(null=True),
        ),
        ops.AddIndex(
            model_name='Draft',
            index=Index(fields=['message_id'], name='draft_message'),
        ),
    ]
