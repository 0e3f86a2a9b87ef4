"""The parts of the OpenAPI document that FastAPI cannot know: tables, for `api.http.openapi`."""

import re
from collections.abc import Iterable
from typing import Any, Final

from api.http.error_codes import CODES

Document = dict[str, Any]

TAGS: Final = {
    "Health": "Whether the server answers. Needs no key.",
    "Resumes": "Upload, read, edit, erase. An upload is parsed in the background; watch `status`.",
    "Tailoring": "A resume and a posting become a new resume; the source stays as it is.",
    "Explanations": "Why a tailored resume says what it says, and how it answers its posting.",
    "Exports": "Resumes as documents. Each download is on record.",
    "Cover letters": "Letters about a resume to a posting, checked against the resume.",
    "Outreach": "Short messages to whoever hires, checked likewise.",
    "Generations": "From a profile and a job to a document: the surface under `/v1`.",
    "Usage": "What was used, and the charges it adds up from.",
    "Models": "Which model does the work, and the defaults. Without one, rules do it.",
    "Webhooks": "Other servers are told what happens, signed as Standard Webhooks has it.",
    "Jobs": "Work that was taken in with `Prefer: respond-async`.",
    "Events": "What happened, as a list and as server-sent events.",
    "API keys": "Keys of the active organization, managed with a session.",
    "Organizations": "Organizations, members and invitations.",
    "Accounts": "Sign-up, sign-in, sessions, passwords, two-factor authentication.",
}

EVERYWHERE: Final = (
    *("MISSING_KEY", "INVALID_KEY", "UNAUTHORIZED"),
    *("RATE_LIMITED", "INTERNAL_ERROR"),
)
"""What any operation with a key may be refused with."""

ABOUT_A_RESUME: Final = ("NOT_FOUND", "NO_MASTER_RESUME")
ABOUT_A_POSTING: Final = ("NO_JOBS_PROVIDED", "EMPTY_JOB_DESCRIPTION", "RESUME_NOT_PARSED")
ABOUT_A_LETTER: Final = (
    *("NO_JOB_DESCRIPTION", "RESUME_NOT_PARSED"),
    *("LLM_GENERATION_FAILED", "TIMEOUT"),
)

ERRORS: Final[dict[str, tuple[str, ...]]] = {
    "upload": ("PAYLOAD_TOO_LARGE", "FILE_NOT_SUPPORTED", "UNPROCESSABLE"),
    "list_resumes": (),
    "get_resume": ABOUT_A_RESUME,
    "edit_resume": (*ABOUT_A_RESUME, "PAYLOAD_TOO_LARGE"),
    "delete_resume": ABOUT_A_RESUME,
    "retry": (
        *(*ABOUT_A_RESUME, "MISSING_SOURCE_TEXT"),
        *("LLM_PARSING_FAILED", "RETRY_FAILED"),
    ),
    "tailor": (
        *(*ABOUT_A_RESUME, *ABOUT_A_POSTING, "PAYLOAD_TOO_LARGE", "APPLY_CONFLICT", "TIMEOUT"),
        *("PRIMARY_TAILORING_FAILED", "TAILORING_PROCESS_FAILED", "TAILORING_FAILED"),
    ),
    "changes": ABOUT_A_RESUME,
    "match": ABOUT_A_RESUME,
    "match_posting": (*ABOUT_A_RESUME, *ABOUT_A_POSTING, "PAYLOAD_TOO_LARGE", "TIMEOUT"),
    "check": (*ABOUT_A_RESUME, "RESUME_NOT_PARSED", "PAYLOAD_TOO_LARGE", "TIMEOUT"),
    "pdf": (*ABOUT_A_RESUME, "RESUME_NOT_RENDERED", "PDF_RENDER_FAILED"),
    "list_generations": (),
    "download_generation": ("NOT_FOUND",),
    "generate": (
        *("NO_JOBS_PROVIDED", "NO_MASTER_RESUME", "RESUME_NOT_PARSED", "INSUFFICIENT_CREDITS"),
        *("PAYLOAD_TOO_LARGE", "TIMEOUT", "PDF_RENDER_FAILED", "TAILORING_FAILED"),
    ),
    "get_profile": (),
    "put_profile": ("PAYLOAD_TOO_LARGE",),
    "usage": (),
    "get_llm_config": (),
    "put_llm_config": ("PAYLOAD_TOO_LARGE",),
    "get_job": ("NOT_FOUND",),
    "list_events": (),
    "stream_events": (),
    "list_webhooks": (),
    "add_webhook": ("PAYLOAD_TOO_LARGE",),
    "get_webhook": ("NOT_FOUND",),
    "change_webhook": ("NOT_FOUND", "PAYLOAD_TOO_LARGE"),
    "remove_webhook": ("NOT_FOUND",),
    "rotate_webhook_secret": ("NOT_FOUND",),
    "test_webhook": ("NOT_FOUND",),
    "list_deliveries": ("NOT_FOUND",),
    "replay_webhook": ("NOT_FOUND", "PAYLOAD_TOO_LARGE"),
    **{
        f"{name}_{kind}": codes
        for kind, failed in (
            ("cover_letter", "COVER_LETTER_PROCESS_FAILED"),
            ("outreach", "OUTREACH_PROCESS_FAILED"),
        )
        for name, codes in {
            "list_letters": ABOUT_A_RESUME,
            "write": (
                *("RESUME_NOT_FOUND", "NO_MASTER_RESUME", "PAYLOAD_TOO_LARGE", failed),
                *ABOUT_A_LETTER,
            ),
            "get_letter": ABOUT_A_RESUME,
            "delete_letter": ABOUT_A_RESUME,
            "regenerate": (
                *(*ABOUT_A_RESUME, "PAYLOAD_TOO_LARGE", "REGENERATE_FAILED"),
                *ABOUT_A_LETTER,
            ),
        }.items()
    },
}
"""The errors of each operation besides those of all, by its id."""

CHECKS_IF_MATCH: Final = re.compile(
    r"edit_resume|delete_resume|retry|tailor|put_llm_config|(delete_letter|regenerate)_\w+"
)
WAITS: Final = re.compile(r"tailor|retry|(write|regenerate)_\w+")
"""The operations that a client may have taken in rather than wait for."""

PARAMETERS: Final[dict[str, Document]] = {
    "IdempotencyKey": {
        "name": "Idempotency-Key",
        "in": "header",
        "description": "1 to 255 printable ASCII characters of your own. The same request sent"
        " again under the same key is answered as the first time, and done once.",
        "schema": {"type": "string", "minLength": 1, "maxLength": 255, "pattern": "^[ -~]+$"},
    },
    "IfMatch": {
        "name": "If-Match",
        "in": "header",
        "description": "The `ETag` of what you read; 412 if it is at another version by now.",
        "schema": {"type": "string", "enum": ["*"]},
    },
    "IfNoneMatch": {
        "name": "If-None-Match",
        "in": "header",
        "description": "The `ETag` of what you have; 304, uncounted, if it is still so.",
        "schema": {"type": "string"},
    },
    "Prefer": {
        "name": "Prefer",
        "in": "header",
        "description": "`respond-async` to be answered 202 with a job; `wait=20` to wait so many"
        " seconds first.",
        "schema": {"type": "string"},
    },
    "LastEventId": {
        "name": "Last-Event-ID",
        "in": "header",
        "description": "The `id` of the last event that you have; the stream goes on after it.",
        "schema": {"type": "string", "pattern": "^[0-9]{1,18}$"},
    },
}

HEADERS: Final[dict[str, tuple[str, str]]] = {
    "X-Request-Id": ("string", "Names the request in the server's log and in events."),
    "X-RateLimit-Limit": ("integer", "How many requests the plan allows in 60 seconds."),
    "X-RateLimit-Remaining": ("integer", "How many are left."),
    "X-RateLimit-Reset": ("integer", "When the window ends, in Unix seconds."),
    "RateLimit": ("string", "The same, as draft-ietf-httpapi-ratelimit-headers-10 has it."),
    "RateLimit-Policy": ("string", "The limit, in the same draft's form."),
    "Retry-After": ("integer", "In how many seconds to ask again."),
    "ETag": ("string", "The version, for `If-None-Match` and `If-Match`."),
    "Link": ("string", "Pages beside this one (`first`, `prev`, `next`), or help with an error."),
    "Location": ("string", "Where what was made is."),
    "Preference-Applied": ("string", "`respond-async`: the work was taken in."),
    "Content-Disposition": ("string", "The name to keep the file under."),
    "Content-Digest": ("string", "SHA-256 of the body (RFC 9530)."),
    "X-Resume-Id": ("string", "Which resume was handed out."),
    "X-Generation-Id": ("string", "Which generation it is."),
    "X-Render-Fallback": ("string", "Why LaTeX did not set it; left out where it did."),
    "X-Credits-Remaining": ("integer", "How many generations are left; where they are counted."),
    "X-Credits-Charged": ("integer", "How many credits this answer took."),
    "X-Retry-After": ("integer", "The same as `Retry-After`, as Better Auth's clients read it."),
    "Cache-Control": ("string", "`no-store`: the answer is for one person."),
    "Set-Cookie": ("string", "What the browser is to keep, or to forget."),
    "Idempotent-Replayed": ("string", "`true`: the answer is that of an earlier request."),
}


def headers(names: Iterable[str]) -> Document:
    """Return the headers of an answer; each has an id."""
    return {name: {"$ref": f"#/components/headers/{name}"} for name in ("X-Request-Id", *names)}


LIMITS: Final = (
    *("X-RateLimit-Limit", "X-RateLimit-Remaining", "X-RateLimit-Reset"),
    *("RateLimit", "RateLimit-Policy"),
)

PROBLEM_DETAILS: Final[Document] = {
    "title": "ProblemDetails",
    "description": "An error as RFC 9457 has it, for clients that ask for it by `Accept`.",
    "type": "object",
    "required": ["type", "title", "status", "detail", "code", "retryable", "request_id"],
    "properties": {
        "type": {"type": "string", "description": "The page of the code"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "code": {"type": "string", "enum": list(CODES)},
        "retryable": {"type": "boolean"},
        "request_id": {"type": "string"},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {
                    "pointer": {"type": "string", "description": "JSON pointer into the body"},
                    "parameter": {"type": "string"},
                    "detail": {"type": "string"},
                },
            },
        },
    },
}
