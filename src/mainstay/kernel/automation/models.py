"""Rules, the skills of people, and the account of what rules did."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils import timezone

from mainstay.kernel.people.models import Person, Team
from mainstay.kernel.practice.history import tracked
from mainstay.kernel.practice.identifiers import uuid7
from mainstay.kernel.records.models import Record


@tracked()
class Rule(models.Model):
    """What happens by itself to records of a kind when a condition holds."""

    uuid = models.UUIDField(default=uuid7, unique=True, editable=False)
    kind = models.CharField(max_length=20)
    slug = models.SlugField(max_length=80)
    name = models.CharField(max_length=100)
    #: Rules are asked from the lowest position to the highest.
    position = models.PositiveIntegerField(default=0)
    #: The occasions: `created`, and fields whose change it is asked on.
    occasions = ArrayField(models.CharField(max_length=50))
    #: Empty: it always holds.
    condition = models.CharField(max_length=2000, blank=True, default="")
    #: What it does: actions by name, with their values.
    does = models.JSONField(default=dict)
    #: Whether no further rule is asked where this one fits.
    stops = models.BooleanField(default=False)
    retired = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["position", "slug"]
        constraints = [models.UniqueConstraint(fields=["kind", "slug"], name="one_rule")]

    def __str__(self) -> str:
        return self.name


@tracked()
class Skill(models.Model):
    """Something that people know, and the categories (with all below them) for which it is needed."""

    uuid = models.UUIDField(default=uuid7, unique=True, editable=False)
    slug = models.SlugField(max_length=80, unique=True)
    name = models.CharField(max_length=100)
    categories = ArrayField(models.CharField(max_length=80), blank=True, default=list)
    people = models.ManyToManyField(Person, through="Skilled", related_name="skills")
    retired = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


@tracked()
class Skilled(models.Model):
    """A person who has a skill."""

    skill = models.ForeignKey(Skill, models.CASCADE, related_name="holders")
    person = models.ForeignKey(Person, models.CASCADE, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["skill", "person"], name="one_holder")]

    def __str__(self) -> str:
        return f"{self.person_id} knows {self.skill_id}"


class Turn(models.Model):
    """The last turn of a person whom rules gave work of a team; it grows with every turn of the team."""

    team = models.ForeignKey(Team, models.CASCADE, related_name="+")
    person = models.ForeignKey(Person, models.CASCADE, related_name="+")
    turn = models.PositiveBigIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["team", "person"], name="one_turn")]

    def __str__(self) -> str:
        return f"{self.turn}: {self.person_id} in {self.team_id}"


class Trace(models.Model):
    """What rules found and did when they were asked about a record once."""

    kind = models.CharField(max_length=20)
    record = models.ForeignKey(Record, models.CASCADE, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    occasions = ArrayField(models.CharField(max_length=50))
    #: What conditions were asked of, as it was before the first rule.
    facts = models.JSONField()
    #: Of each rule that fitted or could not be asked, what became of it.
    steps = models.JSONField(default=list)
    #: What all rules together wanted, by action.
    wanted = models.JSONField(default=dict)
    #: How a person was chosen: strategy, team, candidates, and who it was.
    choice = models.JSONField(null=True)
    #: Why nothing of it was done, if nothing was.
    failed = models.CharField(max_length=500, blank=True, default="")

    class Meta:
        indexes = [
            models.Index(fields=["record", "-id"], name="traces_of_record"),
            models.Index(fields=["kind", "-id"], name="traces_of_kind"),
            models.Index(fields=["at"], name="traces_by_age"),
        ]

    def __str__(self) -> str:
        return f"rules on {self.record_id}"


class Replay(models.Model):
    """A rule tried on past records before it is kept: what would have come out otherwise."""

    uuid = models.UUIDField(default=uuid7, unique=True, editable=False)
    kind = models.CharField(max_length=20)
    person = models.ForeignKey(Person, models.CASCADE, related_name="+")
    #: What the rule is called for, and the key of the row that was changed; empty for a new one.
    slug = models.CharField(max_length=80)
    key = models.CharField(max_length=80, blank=True, default="")
    #: The rule as it would be kept, and as it was entered.
    values = models.JSONField()
    entered = models.JSONField(default=dict)
    #: The records to try it on, the newest first, and how many of them were tried.
    records = ArrayField(models.BigIntegerField())
    tried = models.PositiveIntegerField(default=0)
    differing = models.PositiveIntegerField(default=0)
    #: Of each record that would have come out otherwise: its id, and what was wanted before and after.
    differences = models.JSONField(default=list)
    made = models.DateTimeField(default=timezone.now)
    finished = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["made"], name="replays_by_age")]

    def __str__(self) -> str:
        return f"{self.slug} on {len(self.records)}"
