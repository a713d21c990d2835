"""The setting of notifications."""

from django.utils.translation import gettext_lazy as _

from mainstay.kernel.practice import settings

settings.declare(
    "notify.keep_days",
    int,
    90,
    _("Days that notifications are kept"),
    minimum=1,
    maximum=3650,
)
