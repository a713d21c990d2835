"""Mails on their way out, the mailboxes that mail comes to, and every mail that came."""

from django.core.validators import MaxValueValidator, MinValueValidator, validate_email
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from mainstay.kernel.access.models import Role
from mainstay.kernel.files.models import Content
from mainstay.kernel.mail.engine import Authenticity
from mainstay.kernel.people.models import Organisation, Person, Team
from mainstay.kernel.practice.history import tracked
from mainstay.kernel.practice.identifiers import uuid7
from mainstay.kernel.records.models import Category, Comment, Record


class DeliveryState(models.TextChoices):
    """What became of a mail. Dropped: when it was to be sent, its recipient was no longer to have it.

    Bounced: a server took it, and another said later that it did not arrive.
    """

    WAITING = "waiting", _("Waiting")
    SENT = "sent", _("Sent")
    DROPPED = "dropped", _("Dropped")
    FAILED = "failed", _("Failed")
    BOUNCED = "bounced", _("Bounced")


class Delivery(models.Model):
    """One mail to one person about one event. It is written when it is sent, not before."""

    uuid = models.UUIDField(default=uuid7, unique=True, editable=False)
    event_id = models.BigIntegerField()
    record = models.ForeignKey(Record, models.CASCADE, related_name="deliveries")
    person = models.ForeignKey(Person, models.CASCADE, related_name="deliveries")
    state = models.CharField(max_length=10, choices=DeliveryState.choices, default=DeliveryState.WAITING)
    attempts = models.PositiveSmallIntegerField(default=0)
    #: How often somebody let it be sent again.
    resends = models.PositiveSmallIntegerField(default=0, db_default=0)
    #: What the mail server said last, or whoever returned it.
    error = models.CharField(max_length=500, blank=True, default="")
    #: Where it went and what its subject was, once it was tried.
    address = models.CharField(max_length=254, blank=True, default="", db_default="")
    subject = models.CharField(max_length=250, blank=True, default="", db_default="")
    created = models.DateTimeField(default=timezone.now, editable=False)
    sent = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name_plural = "deliveries"
        constraints = [models.UniqueConstraint(fields=["event_id", "person"], name="one_delivery")]
        indexes = [
            models.Index(
                fields=["state", "id"], name="deliveries_not_sent", condition=models.Q(state__in=("waiting", "failed"))
            ),
            models.Index(fields=["record", "-id"], name="deliveries_of_record"),
        ]

    def __str__(self) -> str:
        return f"{self.state} mail about {self.event_id} to {self.person_id}"


class Encryption(models.TextChoices):
    """How the connection to a mailbox is kept from others."""

    TLS = "tls", _("TLS from the start")
    STARTTLS = "starttls", _("STARTTLS")
    NONE = "none", _("None: others can read along")


class SignIn(models.TextChoices):
    """How we prove to a mailbox who we are."""

    PASSWORD = "password", _("Password")
    CLIENT = "client", _("OAuth 2.0, as a program (client credentials)")
    REFRESH = "refresh", _("OAuth 2.0, for its owner (refresh token)")


class SignedLink(models.Model):
    """A link in the mails to a requester that opens their one case without signing in.

    Of the token in its address only a digest is stored: whoever reads this table opens nothing.
    """

    uuid = models.UUIDField(default=uuid7, unique=True, editable=False)
    record = models.ForeignKey(Record, models.CASCADE, related_name="signed_links")
    person = models.ForeignKey(Person, models.CASCADE, related_name="+")
    #: SHA-256 of the token, hexadecimal.
    digest = models.CharField(max_length=64, unique=True)
    created = models.DateTimeField(default=timezone.now, editable=False)
    expires = models.DateTimeField()
    revoked = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["record", "person"], condition=models.Q(revoked=None), name="one_link_in_use"
            )
        ]

    def __str__(self) -> str:
        return f"link of {self.person_id} to {self.record_id}"


class Audience(models.TextChoices):
    """Whom a mail is written for: the requester, or those who work on the record or watch it."""

    REQUESTER = "requester", _("Requester")
    STAFF = "staff", _("Agents")


@tracked()
class MailTemplate(models.Model):
    """How mails about one event are worded for one audience in one language, in place of what code says."""

    uuid = models.UUIDField(default=uuid7, unique=True, editable=False)
    #: Made of event, audience and language, so that there is one template for each.
    slug = models.CharField(max_length=80, unique=True)
    event = models.CharField(max_length=60)
    audience = models.CharField(max_length=10, choices=Audience.choices)
    language = models.CharField(max_length=10)
    subject = models.CharField(max_length=200)
    body = models.TextField()
    retired = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["slug"]

    def __str__(self) -> str:
        return self.slug


@tracked(exclude=["secret", "refresh_token"])
class Mailbox(models.Model):
    """An address that mail for us comes to, and what becomes of that mail."""

    uuid = models.UUIDField(default=uuid7, unique=True, editable=False)
    slug = models.SlugField(max_length=80, unique=True)
    name = models.CharField(max_length=100)
    #: In lower case and without a plus sign: what follows one is ours to choose.
    address = models.CharField(max_length=254, unique=True, validators=[validate_email])
    #: Where senders belong whom nobody knows yet, and the role that they get there; without one they see nothing.
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    role = models.ForeignKey(Role, models.PROTECT, null=True, blank=True, related_name="+")
    team = models.ForeignKey(Team, models.PROTECT, null=True, blank=True, related_name="+")
    category = models.ForeignKey(Category, models.PROTECT, null=True, blank=True, related_name="+")
    language = models.CharField(max_length=10, default="en")
    #: Whether known people who got a copy hear of what becomes of it.
    copies_watch = models.BooleanField(default=False)
    #: Whether the server brings mail for `desk+anything@` here, so that answers may go to signed addresses.
    signed_replies = models.BooleanField(default=False)
    #: The name under which the site's mail server writes down what it found about senders (RFC 8601); empty: not asked.
    authentication_server = models.CharField(max_length=254, blank=True, default="", db_default="")
    #: Where it is read by IMAP; without a host it only takes what is brought.
    imap_host = models.CharField(max_length=254, blank=True, default="")
    imap_port = models.PositiveIntegerField(default=993, validators=[MinValueValidator(1), MaxValueValidator(65535)])
    encryption = models.CharField(max_length=10, choices=Encryption.choices, default=Encryption.TLS)
    user = models.CharField(max_length=254, blank=True, default="")
    sign_in = models.CharField(max_length=10, choices=SignIn.choices, default=SignIn.PASSWORD)
    token_endpoint = models.CharField(max_length=500, blank=True, default="")
    client = models.CharField(max_length=254, blank=True, default="")
    scope = models.CharField(max_length=500, blank=True, default="")
    #: Sealed: the password, or the client's secret.
    secret = models.TextField(blank=True, default="")
    #: Sealed.
    refresh_token = models.TextField(blank=True, default="")
    folder = models.CharField(max_length=200, default="INBOX")
    #: Where mails go that we have; without one they stay, and are marked.
    done_folder = models.CharField(max_length=200, blank=True, default="")
    retired = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["name"]
        verbose_name_plural = "mailboxes"

    def __str__(self) -> str:
        return self.name


class MailboxReading(models.Model):
    """How reading a mailbox fares: written by whoever reads it, for those who look after it."""

    mailbox = models.OneToOneField(Mailbox, models.CASCADE, related_name="reading")
    #: When it was looked into last with success.
    succeeded = models.DateTimeField(null=True, blank=True)
    #: Since when it fails, and what was said last.
    failing = models.DateTimeField(null=True, blank=True)
    error = models.CharField(max_length=500, blank=True, default="")

    def __str__(self) -> str:
        return f"reading of mailbox {self.mailbox_id}"


class MailState(models.TextChoices):
    """What became of a mail that came."""

    WAITING = "waiting", _("Waiting")
    TAKEN = "taken", _("Taken in")
    IGNORED = "ignored", _("Ignored")
    QUARANTINED = "quarantined", _("Quarantined")


class SenderProof(models.TextChoices):
    """Whether the sender of a mail is who they say, as the site's mail server found."""

    PROVEN = Authenticity.PROVEN, _("Sender confirmed")
    UNPROVEN = Authenticity.UNPROVEN, _("Sender not confirmed")
    FORGED = Authenticity.FORGED, _("Sender forged")
    UNCHECKED = Authenticity.UNCHECKED, _("Sender not checked")


class ReceivedMail(models.Model):
    """One mail in one mailbox, kept as it came. It is written before its server is told that we have it."""

    uuid = models.UUIDField(default=uuid7, unique=True, editable=False)
    mailbox = models.ForeignKey(Mailbox, models.PROTECT, related_name="received")
    #: What makes it one mail, however often it comes: see `engine.marks.key_of`.
    key = models.CharField(max_length=64)
    content = models.ForeignKey(Content, models.PROTECT, related_name="+")
    message_id = models.CharField(max_length=500, blank=True, default="")
    #: The address that the server was asked to bring it to, which may be signed.
    recipient = models.CharField(max_length=320, blank=True, default="")
    received = models.DateTimeField(default=timezone.now, editable=False)
    state = models.CharField(max_length=12, choices=MailState.choices, default=MailState.WAITING)
    #: Why it was ignored or quarantined: a word of the code, and what more is to be said.
    reason = models.CharField(max_length=30, blank=True, default="")
    detail = models.CharField(max_length=500, blank=True, default="")
    sender = models.CharField(max_length=320, blank=True, default="")
    subject = models.CharField(max_length=250, blank=True, default="")
    #: Whether a person wrote it, whom a program may answer (RFC 3834, section 2).
    answerable = models.BooleanField(default=False)
    #: What the site's mail server found about its sender; empty where none is asked.
    authenticity = models.CharField(max_length=10, choices=SenderProof.choices, blank=True, default="", db_default="")
    #: Whether it has a page of its own to be shown.
    has_html = models.BooleanField(default=False)
    #: Whether somebody looked at it and wants it taken in whatever speaks against it.
    released = models.BooleanField(default=False)
    attempts = models.PositiveSmallIntegerField(default=0)
    handled = models.DateTimeField(null=True, blank=True)
    #: What it became: a record, or a comment on one.
    record = models.ForeignKey(Record, models.CASCADE, null=True, blank=True, related_name="mails")
    comment = models.ForeignKey(Comment, models.CASCADE, null=True, blank=True, related_name="+")
    #: What it quotes and how it is signed: not shown at once.
    folded = models.TextField(blank=True, default="")
    #: The files that were not taken from it, each with its name and why not.
    refused_files = models.JSONField(default=list, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["mailbox", "key"], name="one_received_mail")]
        indexes = [
            models.Index(fields=["message_id"], name="received_mails_by_message_id"),
            models.Index(fields=["state", "-id"], name="received_mails_by_state"),
        ]

    def __str__(self) -> str:
        return f"{self.state} mail {self.pk}"


class FailingAddress(models.Model):
    """An address of a person from which our mail came back. It holds for that address only."""

    person = models.OneToOneField(Person, models.CASCADE, related_name="failing_address")
    address = models.CharField(max_length=254)
    since = models.DateTimeField(default=timezone.now, editable=False)
    #: What the server that sent it back said: a code (RFC 3463), and words.
    words = models.CharField(max_length=500, blank=True, default="")

    class Meta:
        verbose_name_plural = "failing addresses"

    def __str__(self) -> str:
        return f"failing address of {self.person_id}"
