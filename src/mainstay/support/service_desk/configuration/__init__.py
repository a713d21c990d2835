"""What administrators arrange at the desk."""

from mainstay.support.service_desk.configuration import answers, desks, guides, links, macros

__all__ = ["answers", "desks", "guides", "links", "macros"]
