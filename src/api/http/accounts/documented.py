"""What the OpenAPI document says about the routes of people, beyond what FastAPI knows.

The errors of an operation are the refusals that it can meet. Each is shown to the route as if it
had happened, so that status, code and shape in the document are those that clients get.
"""

import json
from collections.abc import Iterable, Mapping
from typing import Any, Final

from fastapi.exceptions import RequestValidationError

from api.account_views import TooManyTries
from api.http.accounts.guard import AccountRoute
from api.http.accounts.refused import REFUSALS, SETS_COOKIE
from api.http.accounts.repeating import OWNER
from api.http.openapi_parts import Document, headers
from api.http.problems import Problem
from commands.ports import Conflict

HELD_UP: Final = {"retry-after": "1"}
MIGHT_BE_SIGNED_IN: Final = {
    "get_auth_get_session",
    "post_auth_sign_out",
    "post_auth_two_factor_verify_totp",
    "post_auth_two_factor_verify_backup_code",
}
"""The operations that know a session, and do without one."""

ALWAYS: Final = (
    TooManyTries(7),
    Problem(500, "INTERNAL_ERROR", "Something went wrong on our side."),
    Problem(503, "INTERNAL_ERROR", "Database unreachable", HELD_UP),
)
FROM_ELSEWHERE: Final = (
    Problem(403, "INVALID_ORIGIN", "Missing origin"),
    Problem(415, "UNSUPPORTED_MEDIA_TYPE", "Send JSON, as application/json"),
    Problem(413, "PAYLOAD_TOO_LARGE", "File size exceeds the 10 MB limit"),
)
SIGNED_OUT: Final = Problem(401, "UNAUTHORIZED", "Unauthorized")
BODIES: Final = (
    RequestValidationError(
        [{"type": "string_too_short", "loc": ("body", "name"), "msg": "Field required"}]
    ),
    Problem(400, "VALIDATION_ERROR", "Invalid JSON body"),
    Problem(422, "VALIDATION_ERROR", ": must be a JSON object"),
)
QUERIES: Final = RequestValidationError(
    [{"type": "int_parsing", "loc": ("query", "limit"), "msg": "Input should be a valid integer"}]
)
REPEATED: Final = (
    Problem(
        400, "VALIDATION_ERROR", "Idempotency-Key: must be 1 to 255 printable ASCII characters"
    ),
    Problem(404, "NOT_FOUND", "This request was done before; what it made has been erased."),
    Problem(
        409, "CONFLICT", "The same request is being worked on; ask again in a moment.", HELD_UP
    ),
    Problem(
        422, "UNPROCESSABLE", "The Idempotency-Key was used for another request; use a new one."
    ),
    Conflict(),
)


def complete(route: AccountRoute, operation: Document, method: str) -> None:
    """Add errors, headers, the key of a request that may come again, and who may do without."""
    name = operation["operationId"]
    takes_key = OWNER in operation
    responses: dict[str, Any] = operation["responses"]
    shape = responses.pop("default")["content"]["application/json"]["schema"]
    for response in responses.values():
        response["headers"] = headers(_of_success(response, name, takes_key=takes_key))
    for status, found in _told(route, _errors_of(operation, method)).items():
        responses[str(status)] = _refusal(status, found, shape)
    operation["responses"] = dict(sorted(responses.items()))
    if takes_key:
        key = {"$ref": "#/components/parameters/IdempotencyKey"}
        operation["parameters"] = [*operation.get("parameters", ()), key]
    if name in MIGHT_BE_SIGNED_IN:
        operation["security"] = [{"APIKeyCookie": []}, {}]


def _errors_of(operation: Document, method: str) -> Iterable[Exception]:
    yield from ALWAYS
    if method != "get":
        yield from FROM_ELSEWHERE
    if "security" in operation:
        yield SIGNED_OUT
    if "requestBody" in operation:
        yield from BODIES
    if any(parameter["in"] == "query" for parameter in operation.get("parameters", ())):
        yield QUERIES
    for refusal in REFUSALS[operation["operationId"]]:
        yield refusal if isinstance(refusal, Exception) else refusal()
    if OWNER in operation:
        yield from REPEATED


def _told(
    route: AccountRoute, errors: Iterable[Exception]
) -> dict[int, list[tuple[str, Document]]]:
    """Return what the route answers to each error, by status: what to call it, and the body."""
    found: dict[int, list[tuple[str, Document]]] = {}
    for error in errors:
        response = route.refuse(error)
        body: Document = json.loads(bytes(response.body))
        name = body.get("code") or body["error"]
        beside = found.setdefault(response.status_code, [])
        if name not in {known for known, _ in beside}:
            beside.append((name, body))
    return found


def _refusal(status: int, found: list[tuple[str, Document]], shape: Document) -> Document:
    told = "\n".join(f"- `{name}`: {_sentence(body)}" for name, body in found)
    again = {409: ("Retry-After",), 429: ("Retry-After", "X-Retry-After"), 503: ("Retry-After",)}
    kept = ("Cache-Control",) if status < 500 else ()
    examples = {name.replace(" ", "_"): {"value": body} for name, body in found}
    return {
        "description": told,
        "headers": headers((*kept, *again.get(status, ()))),
        "content": {"application/json": {"schema": shape, "examples": examples}},
    }


def _sentence(body: Mapping[str, str]) -> str:
    return (body.get("message") or body.get("detail") or body["error"]).removeprefix(": ")


def _of_success(response: Document, name: str, *, takes_key: bool) -> Iterable[str]:
    yield "Cache-Control"
    if name in SETS_COOKIE:
        yield "Set-Cookie"
    if takes_key:
        yield "Idempotent-Replayed"
    if "content" not in response:
        yield "Location"
