from mainstay.kernel.practice.apps import Room


class Documents(Room):
    name = "mainstay.kernel.documents"
    label = "documents"
