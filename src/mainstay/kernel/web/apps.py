"""The web kernel: layouts, components, drafts, palette."""

from mainstay.kernel.practice.apps import Room


class Web(Room):
    name = "mainstay.kernel.web"
    label = "web"
