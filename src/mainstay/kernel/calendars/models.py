"""Calendars as rows: a name, a zone, and versions that each hold from a day on."""

from django.contrib.postgres.fields import ArrayField
from django.db import models

from mainstay.kernel.practice.history import tracked
from mainstay.kernel.practice.identifiers import uuid7


@tracked()
class Calendar(models.Model):
    """Hours in which service is given, somewhere on earth."""

    uuid = models.UUIDField(default=uuid7, unique=True, editable=False)
    slug = models.SlugField(max_length=80, unique=True)
    name = models.CharField(max_length=200)
    zone = models.CharField(max_length=64, default="UTC")
    retired = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


@tracked()
class CalendarVersion(models.Model):
    """The hours and days off of a calendar from a day on, until its next version."""

    slug = models.CharField(max_length=80, unique=True)
    calendar = models.ForeignKey(Calendar, models.PROTECT, related_name="versions")
    #: Null: from the beginning of time.
    valid_from = models.DateField(null=True, blank=True)
    #: Slots as text, such as `08:00-12:00, 13:00-18:00`.
    mon = models.CharField(max_length=300, blank=True, default="")
    tue = models.CharField(max_length=300, blank=True, default="")
    wed = models.CharField(max_length=300, blank=True, default="")
    thu = models.CharField(max_length=300, blank=True, default="")
    fri = models.CharField(max_length=300, blank=True, default="")
    sat = models.CharField(max_length=300, blank=True, default="")
    sun = models.CharField(max_length=300, blank=True, default="")
    #: Whose public holidays are off: ISO 3166-1 and the subdivision's part of ISO 3166-2.
    country = models.CharField(max_length=2, blank=True, default="")
    region = models.CharField(max_length=50, blank=True, default="")
    #: Days off, one line each (`engine.days`): written here, and taken from a calendar file.
    days_off = ArrayField(models.CharField(max_length=200), blank=True, default=list)
    imported = ArrayField(models.CharField(max_length=200), blank=True, default=list)
    retired = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["calendar", "valid_from"]
        constraints = [
            models.UniqueConstraint(
                fields=["calendar", "valid_from"],
                condition=models.Q(retired=None),
                nulls_distinct=False,
                name="one_version_from_a_day",
            )
        ]

    def __str__(self) -> str:
        return self.slug
