"""What records of a kind are classified by, and what else administrators add to them."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from mainstay.kernel.practice.history import tracked
from mainstay.kernel.practice.identifiers import uuid7


@tracked()
class Category(models.Model):
    """A node of the tree that records of a kind are classified by."""

    uuid = models.UUIDField(default=uuid7, unique=True, editable=False)
    slug = models.SlugField(max_length=80, unique=True)
    name = models.CharField(max_length=200)
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="children")
    #: Whether it may be chosen when a record is opened, and when it is closed.
    opens = models.BooleanField(default=True)
    closes = models.BooleanField(default=True)
    retired = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["name"]
        verbose_name_plural = "categories"

    def __str__(self) -> str:
        return self.name


class AttributeType(models.TextChoices):
    """The types a custom field can have."""

    TEXT = "text", _("Text")
    LONG_TEXT = "long_text", _("Long text")
    NUMBER = "number", _("Number")
    DATE = "date", _("Date")
    YES_NO = "yes_no", _("Yes or no")
    CHOICE = "choice", _("Choice")
    URL = "url", _("Web address")


@tracked()
class AttributeDefinition(models.Model):
    """A custom field of a kind of record, or of those of one category."""

    uuid = models.UUIDField(default=uuid7, unique=True, editable=False)
    kind = models.CharField(max_length=20)
    category = models.ForeignKey(Category, models.PROTECT, null=True, blank=True, related_name="attributes")
    slug = models.SlugField(max_length=50)
    label = models.CharField(max_length=100)
    help = models.CharField(max_length=250, blank=True, default="")
    type = models.CharField(max_length=12, choices=AttributeType.choices)
    choices = models.JSONField(default=list, blank=True)
    required = models.BooleanField(default=False)
    #: Whether the requester sees and fills it in the portal.
    public = models.BooleanField(default=False)
    position = models.PositiveIntegerField(default=0)
    retired = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["position", "slug"]
        constraints = [models.UniqueConstraint(fields=["kind", "slug"], name="one_attribute")]

    def __str__(self) -> str:
        return self.label


@tracked()
class StateLabel(models.Model):
    """What an administrator calls a state of a kind, in one language, for agents or for requesters."""

    class Audience(models.TextChoices):
        """Who reads it."""

        AGENTS = "agents", _("Agents")
        REQUESTERS = "requesters", _("Requesters")

    kind = models.CharField(max_length=20)
    state = models.CharField(max_length=20)
    audience = models.CharField(max_length=10, choices=Audience.choices)
    language = models.CharField(max_length=10)
    label = models.CharField(max_length=100)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["kind", "state", "audience", "language"], name="one_label_of_a_state")
        ]

    def __str__(self) -> str:
        return self.label
