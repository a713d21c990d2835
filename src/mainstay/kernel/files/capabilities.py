"""The settings of files."""

from django.utils.translation import gettext_lazy as _

from mainstay.kernel.practice import settings

settings.declare(
    "files.largest_megabytes",
    int,
    25,
    _("Largest upload (MB)"),
    help=_("For a file, and for all files sent at once together."),
    minimum=1,
    maximum=1024,
)
settings.declare(
    "files.blocked_extensions",
    str,
    "exe elf macho msi com scr pif bat cmd ps1 vbs vbe js jse wsf wsh hta cpl jar lnk reg dll sys apk dmg app",
    _("File types that are refused"),
    help=_("Extensions, separated by spaces. exe, elf and macho also stand for programs under any other name."),
)
