"""Writing what is searched."""

from collections.abc import Iterator, Sequence

from django.db import connection, transaction
from psycopg import sql

from mainstay.kernel.records.models import Record
from mainstay.kernel.search.models import SearchDocument
from mainstay.kernel.search.sources import Source, texts

#: So many characters of a record are searched, from its own texts to its older comments; a tsvector holds 1 MB.
SEARCHED = 100_000
#: Records whose words are written in one statement when all are.
BATCH = 2000

# Comments and custom fields are gathered once; from them the public part, and the whole where that is more.
WRITE = """
WITH wanted AS (
    SELECT record.id, record.number, record.title, concat_ws(E'\\n', {own}) AS own,
           said.public AS said_publicly, said.everything AS said, coalesce(said.internal, false) AS said_internally,
           field.public AS fields_public, field.everything AS fields, coalesce(field.internal, false) AS fields_internal
      FROM records_record AS record
      JOIN {detail} AS detail ON detail.record_ptr_id = record.id
      LEFT JOIN LATERAL (
            SELECT string_agg(body, E'\\n' ORDER BY written DESC) FILTER (WHERE visibility = 'public') AS public,
                   string_agg(body, E'\\n' ORDER BY written DESC) AS everything,
                   bool_or(visibility <> 'public') AS internal
              FROM records_comment WHERE record_id = record.id) AS said ON true
      LEFT JOIN LATERAL (
            SELECT string_agg(given.value, E'\\n') FILTER (WHERE definition.public) AS public,
                   string_agg(given.value, E'\\n') AS everything,
                   bool_or(NOT definition.public) AS internal
              FROM jsonb_each_text(record.attributes) AS given
              JOIN records_attributedefinition AS definition
                ON definition.kind = record.kind AND definition.slug = given.key
             WHERE record.attributes <> '{{}}') AS field ON true
     WHERE record.id = ANY(%(records)s)
), part AS (
    SELECT id, number, title, 'public' AS audience, NOT (said_internally OR fields_internal) AS whole,
           left(concat_ws(E'\\n', own, fields_public, said_publicly), %(most)s) AS body
      FROM wanted
     UNION ALL
    SELECT id, number, title, 'internal', true, left(concat_ws(E'\\n', own, fields, said), %(most)s)
      FROM wanted WHERE said_internally OR fields_internal
), noted AS (
    INSERT INTO search_unlearnt (record_id, fresh)
    SELECT id, NOT EXISTS (SELECT FROM search_searchdocument WHERE record_id = wanted.id) FROM wanted
)
INSERT INTO search_searchdocument (record_id, audience, whole, body, words)
SELECT id, audience, whole, body,
       setweight(to_tsvector('simple', number || ' ' || title) || to_tsvector('english', title), 'A')
       || setweight(to_tsvector('simple', body) || to_tsvector('english', body), 'D')
  FROM part
    ON CONFLICT (record_id, audience)
    DO UPDATE SET whole = excluded.whole, body = excluded.body, words = excluded.words
"""


def write_words(kind: str, records: Sequence[int]) -> None:
    """Write what can be found of the given records (ids) of one kind, in the caller's transaction, in one statement.

    Records of kinds that registered no text are not found by words.
    """
    if kind not in texts or not records:
        return
    with connection.cursor() as cursor:
        cursor.execute(_statement(texts[kind]), {"records": list(records), "most": SEARCHED})


def _statement(source: Source) -> sql.Composed:
    columns = [source.model._meta.get_field(name).column for name in source.fields]
    return sql.SQL(WRITE).format(
        own=sql.SQL(", ").join(sql.SQL("nullif(detail.{}, '')").format(sql.Identifier(column)) for column in columns),
        detail=sql.Identifier(source.model._meta.db_table),
    )


def rewrite(kind: str) -> Iterator[int]:
    """Write the words of every record of a kind anew, a batch in each transaction; yield how many are done."""
    done, last = 0, 0
    while records := list(
        Record.objects.filter(kind=kind, pk__gt=last).order_by("pk").values_list("pk", flat=True)[:BATCH]
    ):
        with transaction.atomic():
            SearchDocument.objects.filter(record__in=records).delete()
            write_words(kind, records)
        done, last = done + len(records), records[-1]
        yield done
