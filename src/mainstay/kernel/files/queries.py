"""Asking about contents and the rules for them."""

from typing import BinaryIO

from django.utils.translation import gettext as _

from mainstay.kernel.files import storage
from mainstay.kernel.files.models import Content
from mainstay.kernel.practice import settings
from mainstay.kernel.practice.errors import Missing


def largest() -> int:
    """Return how many bytes a file, and all files of one request together, may have."""
    return int(settings.value("files.largest_megabytes")) << 20


def blocked_extensions() -> frozenset[str]:
    """Return the extensions that are refused, in lower case and without a dot."""
    words = str(settings.value("files.blocked_extensions")).lower().replace(",", " ").split()
    return frozenset(word.strip(".") for word in words)


def open_content(content: Content) -> BinaryIO:
    """Open a content for reading. Raises Missing when its file is gone, which `mainstay doctor` should say too."""
    try:
        return storage.open_place(content.pk)
    except FileNotFoundError:
        raise Missing(_("This file is missing on the server. Tell your administrator.")) from None
