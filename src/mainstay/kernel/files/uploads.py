"""How the web server receives files: large ones go to disk, beside what `storage` writes, where sweeping finds them."""

import tempfile
from typing import Any

from django.core.files.uploadedfile import TemporaryUploadedFile, UploadedFile
from django.core.files.uploadhandler import FileUploadHandler, TemporaryFileUploadHandler

from mainstay.kernel.files import storage


class IncomingFile(TemporaryUploadedFile):
    """A file that is being received; it is gone when closed, at the latest with its request."""

    def __init__(self, name: str, content_type: str, size: int, charset: str | None, extra: Any = None) -> None:
        file = tempfile.NamedTemporaryFile(suffix=".upload", dir=storage.incoming())  # noqa: SIM115 - the request closes it
        UploadedFile.__init__(self, file, name, content_type, size, charset, extra)


class IncomingFileHandler(TemporaryFileUploadHandler):
    """Django's handler for large files, writing them to our own folder."""

    def new_file(self, *arguments: Any, **details: Any) -> None:
        FileUploadHandler.new_file(self, *arguments, **details)
        self.file = IncomingFile(
            self.file_name or "", self.content_type or "", 0, self.charset, self.content_type_extra
        )
