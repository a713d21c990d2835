from mainstay.kernel.practice.apps import Room


class People(Room):
    name = "mainstay.kernel.people"
    label = "people"
