from mainstay.kernel.practice.apps import Room


class Automation(Room):
    name = "mainstay.kernel.automation"
    label = "automation"
