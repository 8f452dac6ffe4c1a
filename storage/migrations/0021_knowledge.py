"""Pages in several languages, read again only when they change; words that lead to what was typed almost right."""

from tortoise import migrations
from tortoise.migrations import operations as ops
from tortoise.contrib.postgres.fields import ArrayField
from tortoise import fields
from tortoise.indexes import Index

class Migration(migrations.Migration):
    dependencies = [('models', '0020_reminded')]

    initial = False

    operations = [
        ops.CreateModel(
            name='KnowledgePage',
            fields=[
                ('id', fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ('inbox_id', fields.IntField()),
                ('source', fields.CharField(max_length=500)),
                ('language', fields.CharField(max_length=64)),
                ('digest', fields.CharField(max_length=64)),
                ('size', fields.BigIntField(default=0)),
                ('changed_ns', fields.BigIntField(default=0)),
                ('passages', fields.IntField()),
                ('trouble', fields.TextField(default='', unique=False)),
                ('indexed_at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={'table': 'knowledge_page', 'app': 'models', 'unique_together': (('inbox_id', 'source'),), 'pk_attr': 'id', 'table_description': 'A file of the folder as it was last read, or an answer that staff have taught.'},
            bases=['Model'],
        ),
        ops.CreateModel(
            name='KnowledgeWord',
            fields=[
                ('id', fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ('inbox_id', fields.IntField()),
                ('folded', fields.CharField(max_length=64)),
                ('spelled', fields.CharField(max_length=64)),
                ('near', ArrayField(element_type='TEXT')),
            ],
            options={'table': 'knowledge_word', 'app': 'models', 'unique_together': (('inbox_id', 'folded', 'spelled'),), 'pk_attr': 'id', 'table_description': "A word of an inbox's pages, so that one typed without accents, or mistyped, leads to it."},
            bases=['Model'],
        ),
        ops.AlterModelOptions(
            name='KnowledgePassage',
            options={'table': 'knowledge', 'app': 'models', 'indexes': [Index(fields=['inbox_id', 'source'], name='knowledge_source')], 'pk_attr': 'id', 'table_description': 'A piece of a page that the agent can find.'},
        ),
        ops.AddField(
            model_name='KnowledgePassage',
            name='language',
            field=fields.CharField(null=True, max_length=64),
        ),
        ops.RunSQL("CREATE INDEX knowledge_word_near ON knowledge_word USING gin (near)", "DROP INDEX knowledge_word_near"),
        ops.RunSQL(
            "CREATE INDEX knowledge_word_begins ON knowledge_word (inbox_id, folded text_pattern_ops)",
            "DROP INDEX knowledge_word_begins",
        ),
        # What is there stays found as it was, page by page, until each has been read anew.
        ops.RunSQL("UPDATE knowledge SET language = 'english' WHERE language IS NULL", ""),
        ops.RunSQL(
            "INSERT INTO knowledge_page (inbox_id, source, language, digest, size, changed_ns, passages, trouble, "
            "indexed_at) SELECT inbox_id, source, 'english', '', 0, 0, count(*), '', now() FROM knowledge "
            "GROUP BY inbox_id, source",
            "",
        ),
    ]
