from mainstay.kernel.practice.apps import Room


class Site(Room):
    name = "mainstay.site"
    label = "site"
