"""Reports that somebody keeps, and when they are mailed."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from mainstay.kernel.people.models import Person
from mainstay.kernel.practice.history import tracked
from mainstay.kernel.practice.identifiers import uuid7


class Every(models.TextChoices):
    """How often a report is mailed."""

    NEVER = "", _("Never")
    DAY = "day", _("Every day")
    WEEK = "week", _("Every week, on Monday")
    MONTH = "month", _("Every month, on the first")


class Form(models.TextChoices):
    """As which file."""

    XLSX = "xlsx", _("Spreadsheet")
    CSV = "csv", "CSV"


@tracked()
class SavedReport(models.Model):
    """A report as somebody asked for it, kept as the query string of its address. It is theirs alone."""

    uuid = models.UUIDField(default=uuid7, unique=True, editable=False)
    person = models.ForeignKey(Person, models.CASCADE, related_name="saved_reports")
    name = models.CharField(max_length=100)
    report = models.CharField(max_length=40)
    query = models.CharField(max_length=2000, blank=True, default="")
    every = models.CharField(max_length=5, choices=Every.choices, blank=True, default=Every.NEVER)
    form = models.CharField(max_length=4, choices=Form.choices, default=Form.XLSX)
    #: When it is mailed next (UTC).
    due = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["name"]
        constraints = [models.UniqueConstraint(fields=["person", "name"], name="one_saved_report")]
        indexes = [models.Index(fields=["due"], condition=models.Q(due__isnull=False), name="reports_by_due")]

    def __str__(self) -> str:
        return self.name
