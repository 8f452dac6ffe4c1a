"""Customers are found by what is left of a name in somebody's memory; those that are known already, too."""

from tortoise import migrations
from tortoise.contrib.postgres.fields import ArrayField
from tortoise.migrations import operations as ops

from bot.domain.text.names import keys_of

_UNKNOWN = "SELECT id, name, username FROM customer WHERE sought IS NULL AND name || coalesce(username, '') <> ''"


async def _learn(_apps, editor):
    while rows := await editor.client.execute_query_dict(f"{_UNKNOWN} LIMIT 1000"):
        for row in rows:
            keys = keys_of(row["name"], row["username"])
            await editor.client.execute_query("UPDATE customer SET sought = $2 WHERE id = $1", [row["id"], keys])


async def _unlearn(_apps, _editor):
    """The column goes, and with it what is in it."""


class Migration(migrations.Migration):
    dependencies = [("models", "0015_reports")]

    initial = False

    operations = [
        ops.AddField(
            model_name="CustomerRow",
            name="sought",
            field=ArrayField(null=True, element_type="TEXT"),
        ),
        ops.RunPython(_learn, _unlearn),
        ops.RunSQL("CREATE INDEX customer_sought ON customer USING gin (sought)", "DROP INDEX customer_sought"),
        ops.RunSQL(
            "CREATE INDEX customer_tagged ON customer (inbox_id, id) WHERE tags IS NOT NULL",
            "DROP INDEX customer_tagged",
        ),
    ]
