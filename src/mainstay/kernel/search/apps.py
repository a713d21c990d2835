from mainstay.kernel.practice.apps import Room


class Search(Room):
    name = "mainstay.kernel.search"
    label = "search"
