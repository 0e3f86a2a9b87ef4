"""The OpenAPI document: what FastAPI knows of the routes, and what it cannot know.

FastAPI derives paths, parameters and schemas. Here stands the rest: which errors an operation has,
with their codes, which headers requests may and answers do carry, and which answers lead where.
Tests hold all of it against a running server.
"""

import re
from collections.abc import Callable, Iterable
from typing import Final

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from fastapi.routing import APIRoute, iter_route_contexts

from api.http import openapi_examples
from api.http.accounts import documented
from api.http.accounts.guard import AccountRoute
from api.http.error_codes import CODES
from api.http.openapi_parts import (
    CHECKS_IF_MATCH,
    ERRORS,
    EVERYWHERE,
    HEADERS,
    LIMITS,
    PARAMETERS,
    PROBLEM_DETAILS,
    TAGS,
    WAITS,
    Document,
    headers,
)

COOKIE: Final = (
    "What signing in has the browser keep; with https its name is `__Host-refolio.session_token`."
)
GENERATED: Final = ("ETag", "Content-Disposition", "X-Generation-Id", "X-Render-Fallback")
FIRST_MEMBERS: Final = re.compile(r"^/api/v1/resumes/\{resume_id\}(?!.*\{letter_id\})")


def operation_id(route: APIRoute) -> str:
    """Return a name that reads well and is nobody else's."""
    path = route.path_format
    if not path.startswith(("/api/v1/", "/v1/")):
        words = re.sub(r"\W+", "_", path.removeprefix("/api").replace("{", "by_")).strip("_")
        return f"{min(route.methods or ()).lower()}_{words}"
    for part, kind in (("/cover-letters", "cover_letter"), ("/outreach", "outreach")):
        if part in path:
            return f"{route.name}_{kind}"
    return route.name


def describe(app: FastAPI) -> Callable[[], Document]:
    """Return what makes the document at its first use, and gives the same one from then on."""

    def document() -> Document:
        if app.openapi_schema is None:
            app.openapi_schema = _described(app)
        return app.openapi_schema

    return document


def _described(app: FastAPI) -> Document:
    made = get_openapi(
        title=app.title,
        version=app.version,
        description=app.description,
        routes=app.routes,
        tags=[{"name": name, "description": text} for name, text in TAGS.items()],
    )
    components = made.setdefault("components", {})
    components["parameters"] = PARAMETERS
    components["headers"] = {
        name: {"description": text, "schema": {"type": kind}}
        for name, (kind, text) in HEADERS.items()
    }
    components["schemas"]["ProblemDetails"] = PROBLEM_DETAILS
    components["securitySchemes"]["APIKeyCookie"]["description"] = COOKIE
    found = ((c.path_format, c.original_route) for c in iter_route_contexts(app.routes))
    of_people = {path: route for path, route in found if isinstance(route, AccountRoute)}
    for path, operations in made["paths"].items():
        route = of_people.get(path)
        for method, operation in operations.items():
            if "x-scope" in operation:
                _complete(operation, method)
            elif route is not None:
                documented.complete(route, operation, method)
            openapi_examples.show(operation)
    _link(made)
    return made


def _complete(operation: Document, method: str) -> None:
    name = operation["operationId"]
    is_change = method != "get"
    parameters = operation.setdefault("parameters", [])
    wanted = {
        "IdempotencyKey": is_change,
        "IfMatch": CHECKS_IF_MATCH.fullmatch(name),
        "IfNoneMatch": not is_change and name != "stream_events",
        "Prefer": WAITS.fullmatch(name),
        "LastEventId": name == "stream_events",
    }
    parameters += [
        {"$ref": f"#/components/parameters/{part}"} for part, takes in wanted.items() if takes
    ]
    if not parameters:
        del operation["parameters"]
    responses = operation["responses"]
    responses.pop("default", None)
    for response in responses.values():
        response["headers"] = headers(_of_success(name, method))
    if not is_change and name != "stream_events":
        responses["304"] = {
            "description": "You have it already",
            "headers": headers(("ETag", *LIMITS)),
        }
    if WAITS.fullmatch(name):
        responses["202"] = _taken_in()
    for status, codes in _errors_of(operation, is_change=is_change).items():
        responses[str(status)] = _refusal(status, codes)
    operation["responses"] = dict(sorted(responses.items()))


def _of_success(name: str, method: str) -> tuple[str, ...]:
    own = {
        "upload": ("Location",),
        "tailor": ("Location",),
        "pdf": ("ETag", "Content-Disposition", "Content-Digest", "X-Resume-Id"),
        "download_generation": GENERATED,
        "generate": (*GENERATED, "X-Credits-Remaining", "X-Credits-Charged"),
    }.get(name, ())
    if method == "get" and name not in {"pdf", "download_generation", "stream_events"}:
        own = ("ETag", "Link") if name.startswith("list_") or name == "usage" else ("ETag",)
    if name.startswith(("write_", "regenerate_")):
        own = ("Location",)
    replayed = ("Idempotent-Replayed",) if method != "get" else ()
    return (*own, *replayed, *LIMITS)


def _errors_of(operation: Document, *, is_change: bool) -> dict[int, list[str]]:
    name = operation["operationId"]
    takes_input = "requestBody" in operation or any(
        "$ref" not in parameter and parameter["in"] == "query"
        for parameter in operation.get("parameters", ())
    )
    codes = [*EVERYWHERE, *ERRORS[name]]
    if operation["x-plan"] != "FREE":
        codes.append("PLAN_REQUIRED")
    if takes_input or is_change or name == "stream_events":
        codes.append("VALIDATION_ERROR")
    if is_change:
        codes += ["CONFLICT", "UNPROCESSABLE", "NOT_FOUND"]
    found: dict[int, list[str]] = {}
    for code in dict.fromkeys(codes):
        for status in CODES[code].statuses:
            unmet = (
                status == 405
                or (status == 412 and not CHECKS_IF_MATCH.fullmatch(name))
                or (
                    code == "VALIDATION_ERROR"
                    and status == 400
                    and not is_change
                    and name != "list_generations"
                )
                or (code == "PDF_RENDER_FAILED" and (status == 500) != (name == "generate"))
            )
            if not unmet:
                found.setdefault(status, []).append(code)
    return found


def _refusal(status: int, codes: Iterable[str]) -> Document:
    told = "\n".join(f"- `{code}`: {CODES[code].title}" for code in codes)
    limits = () if status == 401 else LIMITS
    again = ("Retry-After",) if status in {409, 429, 503} else ()
    example = next(iter(codes))
    return {
        "description": told,
        "headers": headers(("Link", *again, *limits)),
        "content": {
            "application/json": {
                "schema": {"$ref": "#/components/schemas/Failure"},
                "example": {"error": example, "detail": CODES[example].title + "."},
            },
            "application/problem+json": {
                "schema": {"$ref": "#/components/schemas/ProblemDetails"}
            },
        },
    }


def _taken_in() -> Document:
    return {
        "description": "The work was taken in; look after it at `Location`",
        "headers": headers(("Location", "Preference-Applied", "Retry-After", *LIMITS)),
        "content": {
            "application/json": {"schema": {"$ref": "#/components/schemas/Data_Job_"}},
        },
    }


def _link(document: Document) -> None:
    """Tell which answers carry the ids that other operations ask for."""
    known = {
        operation["operationId"]: (path, operation)
        for path, operations in document["paths"].items()
        for operation in operations.values()
    }
    about_resumes = [name for name, (path, _) in known.items() if FIRST_MEMBERS.match(path)]
    for name in ("upload", "tailor"):
        _lead(known[name][1], about_resumes, {"resume_id": "$response.body#/data/resume_id"})
    for kind in ("cover_letter", "outreach"):
        filled = {
            "resume_id": "$response.body#/data/resume_id",
            "letter_id": "$response.body#/data/id",
        }
        to = [f"{name}_{kind}" for name in ("get_letter", "regenerate", "delete_letter")]
        _lead(known[f"write_{kind}"][1], to, filled)
    hook = {"webhook_id": "$response.body#/data/id"}
    about_hooks = [name for name, (path, _) in known.items() if "{webhook_id}" in path]
    _lead(known["add_webhook"][1], about_hooks, hook)
    for name in known:
        if WAITS.fullmatch(name):
            job = {"job_id": "$response.body#/data/id"}
            _lead(known[name][1], ["get_job"], job, status="202")


def _lead(
    operation: Document, names: Iterable[str], filled: dict[str, str], status: str = "201"
) -> None:
    operation["responses"][status]["links"] = {
        name: {"operationId": name, "parameters": filled} for name in names
    }
