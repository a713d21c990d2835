from mainstay.kernel.practice.apps import Room


class Access(Room):
    name = "mainstay.kernel.access"
    label = "access"
