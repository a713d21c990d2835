from mainstay.kernel.practice.apps import Practice


class Incidents(Practice):
    name = "mainstay.support.incidents"
    label = "incidents"
    kind = "incident"
    prefix = "INC"
    icon = "alert-triangle"
    place = 20
