from mainstay.kernel.practice.apps import Room


class Calendars(Room):
    name = "mainstay.kernel.calendars"
    label = "calendars"
