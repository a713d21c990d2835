"""Pages that exist only for tests: every component once, and fragments to swap."""

from datetime import timedelta

from django import forms
from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.utils import timezone
from django.views.decorators.http import require_POST

from mainstay.kernel.practice.errors import Missing, NotPossible
from mainstay.kernel.web.pages import redirect, render, toast
from mainstay.kernel.web.registry import MenuEntry
from mainstay.site import urls as product

handler400 = "mainstay.kernel.web.pages.bad_request"
handler403 = "mainstay.kernel.web.pages.forbidden"
handler404 = "mainstay.kernel.web.pages.not_found"
handler500 = "mainstay.kernel.web.pages.server_error"

ROWS = (
    ("INC-000124", "The printer on the third floor does not print", "In progress", "open", 2, "Workplace"),
    ("INC-000123", "Nobody can sign in to the payroll", "New", "open", 1, "Applications"),
    ("INC-000119", "Second screen flickers", "Pending", "paused", 4, "Workplace"),
    ("INC-000101", "Mail with attachments comes back", "Resolved", "resolved", 3, "Mail"),
    ("INC-000090", "Badge reader at the gate is slow", "Closed", "closed", 5, "Building"),
)
MENU = (
    MenuEntry("Overview", "/", "layout-dashboard", None, False),
    MenuEntry("Incidents", "/components", "flame", 1200, True, "Support"),
    MenuEntry("Requests", "/r", "shopping-cart", 12, False, "Support"),
    MenuEntry("Problems", "/p", "bug", 0, False, "Support"),
)


class Report(forms.Form):
    title = forms.CharField(max_length=60, help_text="One sentence is enough.")
    description = forms.CharField(widget=forms.Textarea)
    impact = forms.ChoiceField(choices=[("1", "High"), ("2", "Medium"), ("3", "Low")])
    reach = forms.ChoiceField(choices=[("me", "Only me"), ("us", "My team")], widget=forms.RadioSelect)
    due = forms.DateTimeField(required=False, widget=forms.DateTimeInput)
    urgent = forms.BooleanField(required=False, label="It cannot wait")


def shown(request: HttpRequest, template: str, fragment: str | None = None, status: int = 200, **context):
    now = timezone.now()
    context = {
        "rows": ROWS,
        "form": Report(),
        "now": now,
        "yesterday": now - timedelta(days=1),
        "long_ago": now - timedelta(days=400),
        "frame": {
            "menu": lambda: MENU,
            "creations": lambda: MENU[1:3],
            "person_links": lambda: (),
            "unread": lambda: 3,
            "search_url": lambda: "/components",
            "notifications_url": lambda: "/n",
            "home_url": lambda: "/components",
            "sign_out_url": lambda: "/out",
        },
        **context,
    }
    return render(request, template, context, fragment=fragment, status=status)


def components(request: HttpRequest) -> HttpResponse:
    return shown(request, "trial/components.html")


def portal(request: HttpRequest) -> HttpResponse:
    return shown(request, "trial/portal.html")


def plain(request: HttpRequest) -> HttpResponse:
    return shown(request, "trial/plain.html")


def form(request: HttpRequest) -> HttpResponse:
    return shown(request, "trial/form.html")


def fragment(request: HttpRequest) -> HttpResponse:
    return shown(request, "trial/_fragment.html", count=int(request.GET.get("count", "1")))


def hostile(request: HttpRequest) -> HttpResponse:
    return shown(request, "trial/_hostile.html")


@require_POST
def save(request: HttpRequest) -> HttpResponse:
    report = Report(request.POST)
    if not report.is_valid():
        return shown(request, "trial/form.html", "trial/_form.html", status=422, form=report)
    toast(request, f"Saved “{report.cleaned_data['title']}”", undo="/undo")
    return redirect(request, request.POST.get("next", "/components"))


@require_POST
def touch(request: HttpRequest) -> HttpResponse:
    toast(request, "Touched <b>it</b>")
    return HttpResponse("touched")


def raising(error: Exception):
    def view(request: HttpRequest) -> HttpResponse:
        raise error

    return view


urlpatterns = [
    path("components", components),
    path("portal", portal),
    path("plain", plain),
    path("form", form),
    path("fragment", fragment),
    path("hostile", hostile),
    path("save", save),
    path("touch", touch),
    path("undo", touch),
    path("missing", raising(Missing("no"))),
    path("impossible", raising(NotPossible("It is closed already. Reopen it first."))),
    path("broken", raising(ZeroDivisionError("secret detail"))),
    *product.urlpatterns,  # menus lead there, and scripts call its endpoints
]
