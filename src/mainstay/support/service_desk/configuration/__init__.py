"""What administrators arrange at the desk."""

from mainstay.support.service_desk.configuration import answers, desks, guides, macros

__all__ = ["answers", "desks", "guides", "macros"]
