"""What is searched: one row for each record and audience; and what was learnt from it, by a job."""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.utils.translation import gettext_lazy as _

from mainstay.kernel.people.models import Organisation
from mainstay.kernel.practice.history import tracked
from mainstay.kernel.practice.identifiers import uuid7
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


class Unlearnt(models.Model):
    """A record whose words were written since the job last learnt from them. Several rows for one do no harm.

    Rows are only ever added by those who write, so that nobody waits for the job.
    """

    record = models.ForeignKey(Record, models.CASCADE, related_name="+", db_index=False)
    #: Whether the record had no words before.
    fresh = models.BooleanField()
    #: Whether its words are counted, so that only what it is like is still to be found out.
    counted = models.BooleanField(default=False, db_default=False)

    class Meta:
        indexes = [models.Index(fields=["id"], name="uncounted_words", condition=models.Q(counted=False))]

    def __str__(self) -> str:
        return f"unlearnt words of {self.record_id}"


class Word(models.Model):
    """A word that occurs in what an audience may read of some record: what a misspelt one may have meant.

    Words of internal parts and of records that are not public stand under `internal` alone.
    """

    audience = models.CharField(max_length=10, choices=Visibility.choices)
    word = models.CharField(max_length=40)
    trigrams = models.GeneratedField(
        expression=models.Func(models.F("word"), function="search_trigrams"),
        output_field=ArrayField(models.TextField()),
        db_persist=True,
    )

    class Meta:
        constraints = [models.UniqueConstraint(fields=["word", "audience"], name="one_word")]
        indexes = [GinIndex(fields=["trigrams"], name="words_by_trigram")]

    def __str__(self) -> str:
        return self.word


class Occurrence(models.Model):
    """In how many records of an organisation and of all below it a word occurs; the empty word: in all learnt.

    Counted from the texts as they were first written: near enough to tell what is rare. Confidential records are not.
    """

    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="+", db_index=False)
    word = models.CharField(max_length=40)
    documents = models.PositiveIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organisation", "word"], name="one_count_of_a_word")]

    def __str__(self) -> str:
        return f"{self.word}: {self.documents}"


class Similar(models.Model):
    """A record that is like another, as seen by those who see all of `organisation` and what is below it.

    It was chosen among the records of that organisation alone, and by how rare words are in these: what is elsewhere
    changes neither which ones stand here nor their order.
    """

    record = models.ForeignKey(Record, models.CASCADE, related_name="+", db_index=False)
    other = models.ForeignKey(Record, models.CASCADE, related_name="+")
    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="+", db_index=False)
    #: 0 (nothing in common) to 1 (the same words).
    likeness = models.FloatField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["record", "organisation", "other"], name="one_likeness")]

    def __str__(self) -> str:
        return f"{self.record_id} is like {self.other_id}"


@tracked()
class Synonyms(models.Model):
    """Words that people of an organisation, and of all below it, use for the same thing."""

    uuid = models.UUIDField(default=uuid7, unique=True, editable=False)
    slug = models.SlugField(max_length=80, unique=True)
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    words = ArrayField(models.CharField(max_length=50))
    retired = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["slug"]
        verbose_name_plural = "synonyms"

    def __str__(self) -> str:
        return ", ".join(self.words)


class Suggested(models.TextChoices):
    """The columns of a record that are suggested."""

    CATEGORY = "category", _("Category")
    TEAM = "team", _("Team")


class Classifier(models.Model):
    """What an organisation's own history, and that of all below it, taught about one column of its records.

    The arrays are those of `engine.classification.Classifier`, as 32-bit floats in the order of this machine.
    """

    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="+", db_index=False)
    field = models.CharField(max_length=10, choices=Suggested.choices)
    trained = models.DateTimeField()
    #: How many records it was learnt and measured from, and how many there were to choose from.
    examples = models.PositiveIntegerField()
    finished = models.PositiveIntegerField()
    #: Which share of records held out it would have labelled right; and which share has the commonest label.
    accuracy = models.FloatField()
    commonest = models.FloatField()
    #: Ids of the rows that are suggested.
    labels = ArrayField(models.BigIntegerField())
    #: Each word's place.
    vocabulary = models.JSONField()
    rarities = models.BinaryField()
    weights = models.BinaryField()
    intercepts = models.BinaryField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organisation", "field"], name="one_classifier")]

    def __str__(self) -> str:
        return f"{self.field} in {self.organisation_id}"


class Suggestion(models.Model):
    """What a column of a record probably should be, as learnt from `organisation` and all below it."""

    record = models.ForeignKey(Record, models.CASCADE, related_name="+", db_index=False)
    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="+", db_index=False)
    field = models.CharField(max_length=10, choices=Suggested.choices)
    value = models.BigIntegerField()
    #: 0 to 1.
    chance = models.FloatField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["record", "organisation", "field"], name="one_suggestion")]

    def __str__(self) -> str:
        return f"{self.field} of {self.record_id}"
