from django.utils.translation import gettext_lazy as _

from mainstay.kernel.practice.apps import Practice


class Incidents(Practice):
    name = "mainstay.support.incidents"
    label = "incidents"
    verbose_name = _("Incidents")
    singular = _("Incident")
    kind = "incident"
    prefix = "INC"
    icon = "alert-triangle"
    place = 20
