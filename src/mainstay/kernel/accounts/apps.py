from mainstay.kernel.practice.apps import Room


class Accounts(Room):
    """Signing in, and looking after one's own account. It stands above `web`, for it is made of pages."""

    name = "mainstay.kernel.accounts"
    label = "accounts"
