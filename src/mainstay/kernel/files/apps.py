from mainstay.kernel.practice.apps import Room


class Files(Room):
    name = "mainstay.kernel.files"
    label = "files"
