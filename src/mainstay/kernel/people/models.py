"""People, the organisations they belong to, and the teams they work in."""

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from mainstay.kernel.practice.history import tracked
from mainstay.kernel.practice.identifiers import uuid7
from mainstay.kernel.practice.zones import zone_names


def validate_zone(name: str) -> None:
    """Refuse what is not an IANA time zone."""
    if name not in zone_names():
        raise ValidationError(_("%(name)s is not a time zone, such as Europe/Berlin."), params={"name": name})


@tracked()
class Organisation(models.Model):
    """A company, department or customer. Organisations form a tree; grants reach down it."""

    uuid = models.UUIDField(default=uuid7, unique=True, editable=False)
    slug = models.SlugField(max_length=80, unique=True)
    name = models.CharField(max_length=200)
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="children")
    zone = models.CharField(max_length=64, default="UTC", validators=[validate_zone])
    retired = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class OrganisationDescent(models.Model):
    """The closure of the tree: one row for an organisation and each one at or above it."""

    ancestor = models.ForeignKey(Organisation, models.CASCADE, related_name="descents")
    descendant = models.ForeignKey(Organisation, models.CASCADE, related_name="ascents")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["ancestor", "descendant"], name="one_descent")]

    def __str__(self) -> str:
        return f"{self.ancestor_id} > {self.descendant_id}"


class PersonManager(BaseUserManager["Person"]):
    """Finds a person by e-mail address, whatever its case; people are made by `people.actions` only."""

    def get_by_natural_key(self, username: str | None) -> "Person":
        return self.get(email__iexact=username)


@tracked(exclude=["password", "last_login"])
class Person(AbstractBaseUser):
    """Somebody who asks for service or gives it. Not every person can sign in."""

    uuid = models.UUIDField(default=uuid7, unique=True, editable=False)
    name = models.CharField(_("name"), max_length=200)
    #: Null for people known only by name, such as those of an imported log.
    email = models.EmailField(_("e-mail"), null=True, blank=True)
    phone = models.CharField(_("telephone"), max_length=50, blank=True, default="")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="people")
    language = models.CharField(_("language"), max_length=10, default="en")
    zone = models.CharField(_("time zone"), max_length=64, default="UTC", validators=[validate_zone])
    #: Choices of the screen: theme, density, shortcuts.
    preferences = models.JSONField(default=dict, blank=True)
    is_active = models.BooleanField(default=True)
    joined = models.DateTimeField(default=timezone.now, editable=False)

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["name"]

    objects = PersonManager()

    class Meta:
        ordering = ["name"]
        constraints = [models.UniqueConstraint(Lower("email"), name="one_person_per_address")]
        indexes = [models.Index(fields=["name"], name="people_by_name")]

    def __str__(self) -> str:
        return self.name


@tracked()
class Team(models.Model):
    """People who work on the same things."""

    uuid = models.UUIDField(default=uuid7, unique=True, editable=False)
    slug = models.SlugField(max_length=80, unique=True)
    name = models.CharField(max_length=200)
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="teams")
    members = models.ManyToManyField(Person, through="Membership", related_name="teams")
    retired = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


@tracked()
class Membership(models.Model):
    """A person's place in a team."""

    team = models.ForeignKey(Team, models.CASCADE, related_name="memberships")
    person = models.ForeignKey(Person, models.CASCADE, related_name="memberships")
    leads = models.BooleanField(default=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["team", "person"], name="one_membership")]

    def __str__(self) -> str:
        return f"{self.person_id} in {self.team_id}"


@tracked()
class Absence(models.Model):
    """When somebody is away, and who stands in for them then. One called off ends when it begins."""

    uuid = models.UUIDField(default=uuid7, unique=True, editable=False)
    person = models.ForeignKey(Person, models.CASCADE, related_name="absences")
    substitute = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    begins = models.DateTimeField()
    ends = models.DateTimeField()

    class Meta:
        ordering = ["-begins", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(ends__gte=models.F("begins")), name="absence_ends_after_it_begins"
            ),
            models.CheckConstraint(
                condition=models.Q(substitute=None) | ~models.Q(substitute=models.F("person")),
                name="nobody_stands_in_for_themselves",
            ),
        ]
        indexes = [models.Index(fields=["ends"], name="absences_by_end")]

    def __str__(self) -> str:
        return f"{self.person_id} is away until {self.ends}"
