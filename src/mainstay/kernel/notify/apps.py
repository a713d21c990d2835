from mainstay.kernel.practice.apps import Room


class Notify(Room):
    name = "mainstay.kernel.notify"
    label = "notify"
