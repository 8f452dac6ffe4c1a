"""What staff tell the AI about a stretch that is over, beside the guidance."""

from tortoise import migrations
from tortoise.migrations import operations as ops
from tortoise import fields

class Migration(migrations.Migration):
    dependencies = [('models', '0023_drafts')]

    initial = False

    operations = [
        ops.AddField(
            model_name='ConversationRow',
            name='happened',
            field=fields.TextField(null=True, unique=False),
        ),
    ]
