from mainstay.kernel.practice.apps import Room


class Reports(Room):
    name = "mainstay.kernel.reports"
    label = "reports"
