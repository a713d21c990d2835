"""What is said on a record, and the files that come with it."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from mainstay.kernel.files.models import Content
from mainstay.kernel.people.models import Person
from mainstay.kernel.practice.history import tracked
from mainstay.kernel.practice.identifiers import uuid7
from mainstay.kernel.records.models.record import Record


class Visibility(models.TextChoices):
    """Who reads an entry: the requester too, or only those who work on the record."""

    PUBLIC = "public", _("Public")
    INTERNAL = "internal", _("Internal")


@tracked()
class Comment(models.Model):
    """What somebody said on a record. `body` is plain text."""

    uuid = models.UUIDField(default=uuid7, unique=True, editable=False)
    record = models.ForeignKey(Record, models.CASCADE, related_name="comments")
    author = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    visibility = models.CharField(max_length=10, choices=Visibility.choices)
    body = models.TextField()
    written = models.DateTimeField(default=timezone.now)

    class Meta:
        indexes = [models.Index(fields=["record", "written", "id"], name="comments_of_record")]

    def __str__(self) -> str:
        return f"{self.visibility} comment on {self.record_id}"


class Excerpt(models.Model):
    """A comment that goes on in another record, too, than the one it was written on (see `records.merged`)."""

    record = models.ForeignKey(Record, models.CASCADE, related_name="excerpts")
    comment = models.ForeignKey(Comment, models.CASCADE, related_name="excerpts")
    #: The event (id) with which it was written.
    event = models.BigIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["record", "comment"], name="one_excerpt")]

    def __str__(self) -> str:
        return f"{self.comment_id} goes on in {self.record_id}"


class Attachment(models.Model):
    """A file on a record, perhaps sent with a comment. The name is what the sender called it and nothing else."""

    uuid = models.UUIDField(default=uuid7, unique=True, editable=False)
    record = models.ForeignKey(Record, models.CASCADE, related_name="attachments")
    comment = models.ForeignKey(Comment, models.CASCADE, null=True, blank=True, related_name="attachments")
    content = models.ForeignKey(Content, models.PROTECT, related_name="+")
    name = models.CharField(max_length=255)
    media_type = models.CharField(max_length=100)
    visibility = models.CharField(max_length=10, choices=Visibility.choices)
    added_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    added = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        ordering = ["added", "id"]

    def __str__(self) -> str:
        return self.name


class ReplyState(models.TextChoices):
    """What became of a reply that was to be sent later."""

    WAITING = "waiting", _("Waiting")
    SENT = "sent", _("Sent")
    TAKEN_BACK = "taken_back", _("Taken back")
    LEFT_OUT = "left_out", _("Left out")


class ScheduledReply(models.Model):
    """A public comment that is written later, unless it is no longer right by then."""

    uuid = models.UUIDField(default=uuid7, unique=True, editable=False)
    record = models.ForeignKey(Record, models.CASCADE, related_name="scheduled_replies")
    author = models.ForeignKey(Person, models.PROTECT, related_name="+")
    body = models.TextField()
    at = models.DateTimeField()
    #: Whether it is sent although something was written after `written`.
    even_if_answered = models.BooleanField(default=False)
    written = models.DateTimeField(default=timezone.now)
    state = models.CharField(max_length=10, choices=ReplyState.choices, default=ReplyState.WAITING)
    #: Why it was left out.
    why = models.CharField(max_length=500, blank=True, default="")

    class Meta:
        verbose_name_plural = "scheduled replies"
        indexes = [models.Index(fields=["at"], condition=models.Q(state="waiting"), name="waiting_replies")]

    def __str__(self) -> str:
        return f"{self.state} reply on {self.record_id}"
