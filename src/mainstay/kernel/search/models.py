"""What is searched: one row for each record and audience."""

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models

from mainstay.kernel.records.models import Record, Visibility


class SearchDocument(models.Model):
    """The words of a record for one audience, written in the transaction that changes them.

    The public row holds what its requester may read. An internal row exists only where there is something
    internal, and holds everything.
    """

    record = models.ForeignKey(Record, models.CASCADE, related_name="documents")
    audience = models.CharField(max_length=10, choices=Visibility.choices)
    #: Whether there is nothing more to the record than this row: so for an internal one, and for a public one alone.
    whole = models.BooleanField()
    #: What the excerpt of a hit is taken from: description, solution, fields, comments from the newest to the oldest.
    body = models.TextField()
    words = SearchVectorField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["record", "audience"], name="one_document")]
        indexes = [GinIndex(fields=["words"], name="documents_by_word", fastupdate=False)]

    def __str__(self) -> str:
        return f"{self.audience} words of {self.record_id}"
