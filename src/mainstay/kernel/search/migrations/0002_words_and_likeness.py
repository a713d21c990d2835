"""Words with their trigrams, how often they occur, and which records are alike. What is there is learnt by the job."""

import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.db.models.deletion
from django.db import migrations, models

#: Without pg_trgm, which not every PostgreSQL has: the groups of three signs of a word, two blanks before and one after,
#: and which share of all groups two words have in common.
FUNCTIONS = """
CREATE FUNCTION search_trigrams(word text) RETURNS text[] LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
    SELECT array_agg(DISTINCT substr('  ' || word || ' ', place, 3)) FROM generate_series(1, length(word) + 1) AS place
$$;
CREATE FUNCTION search_likeness(one text[], other text[]) RETURNS float LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
    SELECT shared::float / (cardinality(one) + cardinality(other) - shared)
      FROM (SELECT count(*) AS shared FROM unnest(one) AS each WHERE each = ANY (other)) AS both_have
$$;
"""
DROP = "DROP FUNCTION search_likeness(text[], text[]); DROP FUNCTION search_trigrams(text);"
LEARN = "INSERT INTO search_unlearnt (record_id, fresh) SELECT record_id, true FROM search_searchdocument WHERE audience = 'public'"


class Migration(migrations.Migration):

    dependencies = [
        ('people', '0001_initial'),
        ('records', '0001_initial'),
        ('search', '0001_initial'),
    ]

    operations = [
        migrations.RunSQL(FUNCTIONS, DROP),
        migrations.CreateModel(
            name='Unlearnt',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('fresh', models.BooleanField()),
                ('counted', models.BooleanField(db_default=False, default=False)),
                ('record', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='records.record')),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('counted', False)), fields=['id'], name='uncounted_words')],
            },
        ),
        migrations.CreateModel(
            name='Word',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('audience', models.CharField(choices=[('public', 'Public'), ('internal', 'Internal')], max_length=10)),
                ('word', models.CharField(max_length=40)),
                ('trigrams', models.GeneratedField(db_persist=True, expression=models.Func(models.F('word'), function='search_trigrams'), output_field=django.contrib.postgres.fields.ArrayField(base_field=models.TextField(), size=None))),
            ],
            options={
                'indexes': [django.contrib.postgres.indexes.GinIndex(fields=['trigrams'], name='words_by_trigram')],
                'constraints': [models.UniqueConstraint(fields=('word', 'audience'), name='one_word')],
            },
        ),
        migrations.CreateModel(
            name='Occurrence',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('word', models.CharField(max_length=40)),
                ('documents', models.PositiveIntegerField()),
                ('organisation', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='people.organisation')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('organisation', 'word'), name='one_count_of_a_word')],
            },
        ),
        migrations.CreateModel(
            name='Similar',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('likeness', models.FloatField()),
                ('organisation', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='people.organisation')),
                ('other', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='records.record')),
                ('record', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='records.record')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('record', 'organisation', 'other'), name='one_likeness')],
            },
        ),
        migrations.RunSQL(LEARN, migrations.RunSQL.noop),
    ]
