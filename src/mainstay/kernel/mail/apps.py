from mainstay.kernel.practice.apps import Room


class Mail(Room):
    name = "mainstay.kernel.mail"
    label = "mail"
