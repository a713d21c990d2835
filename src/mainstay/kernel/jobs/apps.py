from mainstay.kernel.practice.apps import Room


class Jobs(Room):
    name = "mainstay.kernel.jobs"
    label = "jobs"
