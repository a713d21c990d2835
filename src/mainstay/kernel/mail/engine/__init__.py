"""Reading mail: what it says, what of it is new, and who or what wrote it. Pure: no database, no settings, no clock.

`read` turns bytes into a `Letter` and never raises. `classify` says whether a person wrote it, `authenticity` whether
the site's mail server found the sender to be who they say. `cut` parts what is new from what is quoted, and `shown`
joins what is to be read at once. `clean` makes HTML fit to be shown, `to_text` plain. `key_of` says when two mails are
one; `marks` holds what our own mails are known by. Words of problems and reasons are English and marked for the
catalogues; doors translate them.
"""

from mainstay.kernel.mail.engine.authentication import Authenticity, authenticity
from mainstay.kernel.mail.engine.classification import Classification, Sender, classify
from mainstay.kernel.mail.engine.cutting import Fragment, Kind, cut, shown, written
from mainstay.kernel.mail.engine.html import Cleaned, clean, to_text
from mainstay.kernel.mail.engine.letter import Attachment, Delivery, Letter, Mailbox, Problem, Unreadable
from mainstay.kernel.mail.engine.marks import key_of, message_id_of, plain_address
from mainstay.kernel.mail.engine.reading import read

__all__ = [
    "Attachment",
    "Authenticity",
    "Classification",
    "Cleaned",
    "Delivery",
    "Fragment",
    "Kind",
    "Letter",
    "Mailbox",
    "Problem",
    "Sender",
    "Unreadable",
    "authenticity",
    "classify",
    "clean",
    "cut",
    "key_of",
    "message_id_of",
    "plain_address",
    "read",
    "shown",
    "to_text",
    "written",
]
