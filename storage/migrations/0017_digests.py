"""One direct message may tell of several escalations."""

from tortoise import migrations
from tortoise.migrations import operations as ops
from tortoise.migrations.constraints import UniqueConstraint

class Migration(migrations.Migration):
    dependencies = [('models', '0016_customer_search')]

    initial = False

    operations = [
        ops.RemoveConstraint(
            model_name='Notice',
            name=None,
            fields=['channel', 'ts'],
        ),
        ops.AddConstraint(
            model_name='Notice',
            constraint=UniqueConstraint(fields=('channel', 'ts', 'escalation_id'), name=None),
        ),
    ]
