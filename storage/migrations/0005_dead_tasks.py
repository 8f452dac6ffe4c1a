"""An index of the tasks that were given up: a million done ones are not read to find or count them."""

from tortoise import migrations
from tortoise.migrations import operations as ops


class Migration(migrations.Migration):
    dependencies = [("models", "0004_pauses")]

    operations = [
        ops.RunSQL("CREATE INDEX task_dead ON task (id) WHERE dead", "DROP INDEX task_dead"),
    ]
