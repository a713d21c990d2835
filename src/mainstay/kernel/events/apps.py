from mainstay.kernel.practice.apps import Room


class Events(Room):
    name = "mainstay.kernel.events"
    label = "events"
