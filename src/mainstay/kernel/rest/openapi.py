"""The description of the interface (OpenAPI 3.1): what every operation can answer, told once for all."""

from collections.abc import Iterator
from typing import Any

from ninja.operation import Operation

from mainstay.kernel.rest import problems
from mainstay.kernel.rest.problems import Problem

WITH_BODY = ("body", "form", "file")
VERSION_HEADER = {
    "in": "header",
    "name": "If-Match",
    "schema": {"type": "string", "pattern": r'^(\*|"[0-9]{1,9}")$'},
    "description": "The ETag of what you read: the change is refused when somebody changed it since.",
}
KEY_HEADER = {
    "in": "header",
    "name": "Idempotency-Key",
    "required": False,
    "schema": {"type": "string", "minLength": 1, "maxLength": 255, "pattern": r"^[!-~]+$"},
    "description": "A text of your choice: a request sent again with it within 24 hours is answered, not done, again.",
}
LOCATION = {"Location": {"description": "Where it is.", "schema": {"type": "string"}}}


def query_parameters(operation: Operation) -> set[str]:
    """Return the names of the query parameters that an operation declares."""
    return {
        name
        for model in operation.models
        if model.__ninja_param_source__ == "query"
        for name in getattr(model, "__ninja_flatten_map__", None) or model.model_fields
    }


def form_fields(operation: Operation) -> set[str]:
    """Return the names of the form fields and files that an operation declares; empty when it takes none."""
    return {
        name
        for model in operation.models
        if model.__ninja_param_source__ in ("form", "file")
        for name in model.model_fields
    }


def document(operation: Operation, versioned: str) -> None:
    """Add to an operation the problems that it can answer, and the headers that it reads."""
    for status in sorted(set(_statuses(operation, versioned))):
        operation.response_models.setdefault(status, _problem(operation))
    headers = [KEY_HEADER] if "POST" in operation.methods else []
    if versioned:
        headers = [*headers, {**VERSION_HEADER, "required": versioned == "required"}]
    if headers:
        operation.openapi_extra = {**(operation.openapi_extra or {}), "parameters": headers}


_models: dict[type, Any] = {}


def _problem(operation: Operation) -> Any:
    """Return the model of an answer that is a problem: one for all operations, for each takes milliseconds to make."""
    if Problem not in _models:
        _models[Problem] = operation._create_response_model(Problem)
    return _models[Problem]


def _statuses(operation: Operation, versioned: str) -> Iterator[int]:
    yield from (401, 403, 422)
    if "{" in operation.path:
        yield 404
    if any(model.__ninja_param_source__ in WITH_BODY for model in operation.models):
        yield from (400, 413, 415)
    if set(operation.methods) & {"POST", "PATCH", "PUT"}:
        yield from (400, 409)
    if versioned:
        yield 412
    if versioned == "required":
        yield 428


def complete(description: dict[str, Any]) -> dict[str, Any]:
    """Return the description with what ninja cannot know: media type of problems, headers of answers, languages."""
    for operations in description["paths"].values():
        for operation in operations.values():
            for status, response in operation["responses"].items():
                _complete_response(int(status), response)
            _complete_schemas(operation)
    return description


def _complete_response(status: int, response: dict[str, Any]) -> None:
    if status >= 400:
        response["description"] = str(problems.BY_STATUS[status].title)
        response["content"] = {problems.MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}
    elif status == 201:
        response["headers"] = LOCATION


def _complete_schemas(operation: dict[str, Any]) -> None:
    # A parameter that may be left out need not be called null as well: there is no null in an address.
    for parameter in operation["parameters"]:
        choices = parameter["schema"].get("anyOf")
        if choices and parameter["in"] == "query":
            (choice,) = (choice for choice in choices if choice.get("type") != "null")
            parameter["schema"] = {**choice, "title": parameter["schema"].get("title", parameter["name"])}
