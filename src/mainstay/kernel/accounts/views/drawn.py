"""Views of django-allauth, drawn with our own templates."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.views import View

from mainstay.kernel.web.pages import render


class Drawn:
    """Renders a view's template like every other page; a form that was refused answers 422."""

    request: HttpRequest
    template_name: str

    def render_to_response(self, context: dict[str, Any], **details: Any) -> HttpResponse:
        form = context.get("form")
        refused = form is not None and form.is_bound and bool(form.errors)
        return render(self.request, self.template_name, context, status=422 if refused else 200)


def drawn(view: type[View], **attributes: Any) -> Callable[..., HttpResponseBase]:
    """Return a view of django-allauth as one of ours."""
    made: Any = type(view.__name__, (Drawn, view), attributes)
    answer: Callable[..., HttpResponseBase] = made.as_view()
    return answer
