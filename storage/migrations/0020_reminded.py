"""Through which step of its ladder each wait was told, so that nobody is called twice for one thing."""

from tortoise import migrations
from tortoise.migrations import operations as ops
from tortoise import fields

class Migration(migrations.Migration):
    dependencies = [('models', '0019_agent')]

    initial = False

    operations = [
        ops.AddField(
            model_name='EscalationRow',
            name='told_since',
            field=fields.DatetimeField(null=True, auto_now=False, auto_now_add=False),
        ),
        ops.AddField(
            model_name='EscalationRow',
            name='told_step',
            field=fields.IntField(null=True),
        ),
    ]
