from mainstay.kernel.practice.apps import Room


class Records(Room):
    name = "mainstay.kernel.records"
    label = "records"
