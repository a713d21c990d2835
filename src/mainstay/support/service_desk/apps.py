from django.utils.translation import gettext_lazy as _

from mainstay.kernel.practice.apps import Practice


class ServiceDesk(Practice):
    name = "mainstay.support.service_desk"
    label = "service_desk"
    verbose_name = _("Service desk")
    singular = _("Contact")
    kind = "contact"
    prefix = "SD"
    icon = "headset"
    place = 10
