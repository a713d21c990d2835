"""The words of a search as PostgreSQL asks for them, with what means the same to the one who searches."""

from typing import Any

from django.contrib.postgres.search import SearchQuery, SearchQueryField
from django.db.models import Func, TextField, Value
from django.db.models.functions import Cast

# For each word of a group (of several words: all of them, or the phrase) what stands in a search, and any word of its
# group. PostgreSQL puts one in the place of the other, whatever stands around it; in both dictionaries, for a search
# is asked in both.
MEANING_THE_SAME = """
SELECT unnest(ARRAY[plainto_tsquery(dictionary, word), phraseto_tsquery(dictionary, word)]),
       websearch_to_tsquery(dictionary, '"' || array_to_string(words, '" or "') || '"')
  FROM search_synonyms, unnest(words) AS word, unnest('{simple,english}'::regconfig[]) AS dictionary
 WHERE retired IS NULL AND organisation_id IN
       (SELECT ancestor_id FROM people_organisationdescent WHERE descendant_id = %s)
"""


def tsquery(text: Any, home: Any, begun: Any = None, before: Any = None) -> Any:
    """Return the tsquery: the words as typed or by their English stems or synonyms, the last one perhaps only begun.

    `home` is the organisation of the one who searches, 0 for none; all are places in a statement.
    """
    query = _either(text, home)
    if begun is not None:
        word = SearchQuery(begun, config="simple", search_type="raw")
        query |= word if before is None else _either(before, home) & word
    return query


def _either(text: Any, home: Any) -> Any:
    exact, stemmed = (SearchQuery(text, config=name, search_type="websearch") for name in ("simple", "english"))
    question = Func(
        Cast(Value(MEANING_THE_SAME), TextField()),
        Cast(home, TextField()),
        function="format",
        output_field=TextField(),
    )
    return Rewritten(exact | stemmed, question)


class Rewritten(SearchQuery):
    """A tsquery in which parts are replaced as a question says; a query of its own, asked once and not for each row."""

    function = "ts_rewrite"
    template = "(SELECT %(function)s(%(expressions)s))"
    config = None

    def __init__(self, query: Any, question: Any) -> None:
        Func.__init__(self, query, question, output_field=SearchQueryField())

    def as_sql(self, compiler: Any, connection: Any, *arguments: Any, **context: Any) -> Any:
        """Write it as any other function."""
        return Func.as_sql(self, compiler, connection, *arguments, **context)
