from mainstay.kernel.practice.apps import Room


class Rest(Room):
    name = "mainstay.kernel.rest"
    label = "rest"
