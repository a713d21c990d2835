"""What is done with many cases together: one message to all, and what follows on links."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from mainstay.kernel.people.models import Person
from mainstay.kernel.practice.history import tracked
from mainstay.kernel.practice.identifiers import uuid7
from mainstay.kernel.records.models import Record


class TargetState(models.TextChoices):
    """What became of a broadcast at one case."""

    WAITING = "waiting", _("Waiting")
    WRITTEN = "written", _("Written")
    LEFT_OUT = "left_out", _("Left out")


class Target(models.Model):
    """A case among many with which the same is done, each in a transaction of its own."""

    record = models.ForeignKey(Record, models.CASCADE, related_name="+")
    state = models.CharField(max_length=10, choices=TargetState.choices, default=TargetState.WAITING)
    #: Why it was left out.
    why = models.CharField(max_length=500, blank=True, default="")

    class Meta:
        abstract = True


class Broadcast(models.Model):
    """One public message to many cases: of a parent's children, or of a list."""

    uuid = models.UUIDField(default=uuid7, unique=True, editable=False)
    author = models.ForeignKey(Person, models.PROTECT, related_name="+")
    body = models.TextField()
    #: The case whose children it is for, where it is for those of one.
    parent = models.ForeignKey(Record, models.CASCADE, null=True, blank=True, related_name="+")
    #: What was written on that case first, where it is passed on from there.
    said = models.ForeignKey("records.Comment", models.CASCADE, null=True, blank=True, related_name="+")
    created = models.DateTimeField(default=timezone.now, editable=False)

    def __str__(self) -> str:
        return f"broadcast {self.pk}"


class BroadcastTarget(Target):
    """A case that a broadcast is written to, in a transaction of its own."""

    broadcast = models.ForeignKey(Broadcast, models.CASCADE, related_name="targets")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["broadcast", "record"], name="one_broadcast_to_a_record")]

    def __str__(self) -> str:
        return f"{self.state} {self.broadcast_id} to {self.record_id}"


class Follows(models.TextChoices):
    """Whether what is linked follows."""

    NOT = "nothing", _("Nothing")
    ASK = "ask", _("Ask")
    AT_ONCE = "propagate", _("Do the same")


@tracked()
class LinkPolicy(models.Model):
    """What children (`parent_of`) or duplicates (`duplicates`) do when something is done with the one they hang on."""

    slug = models.SlugField(max_length=30, unique=True)
    name = models.CharField(max_length=100)
    #: When it is resolved or answered, when it is closed, and when its caller is written to.
    resolving = models.CharField(max_length=10, choices=Follows.choices, default=Follows.NOT)
    closing = models.CharField(max_length=10, choices=Follows.choices, default=Follows.NOT)
    commenting = models.CharField(max_length=10, choices=Follows.choices, default=Follows.NOT)
    #: Whether one that is not resolved keeps it from being closed.
    blocks = models.BooleanField(default=False)

    class Meta:
        verbose_name_plural = "link policies"

    def __str__(self) -> str:
        return self.name


class Deed(models.TextChoices):
    """What is done with what follows."""

    RESOLVE = "resolve", _("Resolve")
    CLOSE = "close", _("Close")


class Following(models.Model):
    """That others are resolved or closed because one was, each in a transaction of its own."""

    uuid = models.UUIDField(default=uuid7, unique=True, editable=False)
    leader = models.ForeignKey(Record, models.CASCADE, related_name="+")
    deed = models.CharField(max_length=10, choices=Deed.choices)
    #: Who chose them; nobody where the policy did.
    author = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    begun = models.DateTimeField(default=timezone.now, editable=False)

    def __str__(self) -> str:
        return f"{self.deed} as {self.leader_id}"


class FollowingTarget(Target):
    """A record that follows, and what became of that; `written` is done."""

    following = models.ForeignKey(Following, models.CASCADE, related_name="targets")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["following", "record"], name="one_following_of_a_record")]

    def __str__(self) -> str:
        return f"{self.state} {self.following_id} of {self.record_id}"
