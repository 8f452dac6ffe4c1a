from tortoise import migrations
from tortoise.migrations import operations as ops
from tortoise import fields


class Migration(migrations.Migration):
    dependencies = [('models', '0002_engine')]

    initial = False

    operations = [
        ops.CreateModel(
            name='Pace',
            fields=[
                ('key', fields.CharField(primary_key=True, unique=True, db_index=True, max_length=200)),
                ('inbox_id', fields.IntField()),
                ('booked_until', fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ('held_until', fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
            ],
            options={'table': 'pace', 'app': 'models', 'pk_attr': 'key', 'table_description': 'A budget of calls that all replicas share. Unlogged: after a crash of the server every bucket is full again.'},
            bases=['Model'],
        ),
        # What is not logged need not wait for the disk: each send books its turn here first.
        ops.RunSQL("ALTER TABLE pace SET UNLOGGED", "ALTER TABLE pace SET LOGGED"),
        ops.AddField(
            model_name='Task',
            name='reserved_at',
            field=fields.DatetimeField(null=True, auto_now=False, auto_now_add=False),
        ),
    ]
