from mainstay.kernel.practice.apps import Room


class Administration(Room):
    """Administration. It stands above `web`, for it is made of pages."""

    name = "mainstay.kernel.administration"
    label = "administration"
