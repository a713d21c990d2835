"""How the web server receives files: large ones go to disk, in a folder that is swept."""

from typing import Any

from django.core.files.uploadhandler import TemporaryFileUploadHandler

from mainstay.kernel.files import storage


class IncomingFileHandler(TemporaryFileUploadHandler):
    """Django's handler for large files; it only sees to it that their folder is there."""

    def new_file(self, *arguments: Any, **details: Any) -> None:
        storage.incoming()
        super().new_file(*arguments, **details)
