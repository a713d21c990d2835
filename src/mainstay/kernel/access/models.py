"""Roles, the grants that hand them out, and the tokens that carry a person's rights to a program."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils import timezone

from mainstay.kernel.people.models import Organisation, Person, Team
from mainstay.kernel.practice.history import tracked
from mainstay.kernel.practice.identifiers import uuid7


@tracked()
class Role(models.Model):
    """A named set of capabilities, composed by an administrator."""

    uuid = models.UUIDField(default=uuid7, unique=True, editable=False)
    slug = models.SlugField(max_length=80, unique=True)
    name = models.CharField(max_length=200)
    capabilities = ArrayField(models.CharField(max_length=80), default=list, blank=True)
    retired = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


@tracked()
class Grant(models.Model):
    """A role for a person or a team, in an organisation and all below it."""

    uuid = models.UUIDField(default=uuid7, unique=True, editable=False)
    person = models.ForeignKey(Person, models.CASCADE, null=True, blank=True, related_name="grants")
    team = models.ForeignKey(Team, models.CASCADE, null=True, blank=True, related_name="grants")
    role = models.ForeignKey(Role, models.PROTECT, related_name="grants")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="grants")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(person__isnull=True) ^ models.Q(team__isnull=True),
                name="grant_to_a_person_or_a_team",
            ),
            models.UniqueConstraint(
                fields=["person", "team", "role", "organisation"], nulls_distinct=False, name="one_grant"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.role_id} in {self.organisation_id}"


class Token(models.Model):
    """An access token of the API. Only its hash is kept; the token itself is shown once.

    `scopes` are capabilities; they narrow what the person may do and never widen it. None means all of them.
    """

    uuid = models.UUIDField(default=uuid7, unique=True, editable=False)
    person = models.ForeignKey(Person, models.CASCADE, related_name="tokens")
    name = models.CharField(max_length=100)
    digest = models.CharField(max_length=64, unique=True, editable=False)
    scopes = ArrayField(models.CharField(max_length=80), null=True, blank=True)
    created = models.DateTimeField(default=timezone.now, editable=False)
    expires = models.DateTimeField()
    revoked = models.DateTimeField(null=True, blank=True)
    last_used = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-created"]

    def __str__(self) -> str:
        return self.name
