"""The codes that errors carry: what each means, and whether asking again can help."""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class ErrorCode:
    """What a client's author should know. `again` tells whether the same request may succeed."""

    statuses: tuple[int, ...]
    title: str
    advice: str
    again: bool = False


CODES: Final[dict[str, ErrorCode]] = {
    "MISSING_KEY": ErrorCode(
        (401,),
        "The request has no API key",
        "Send one as `Authorization: Bearer KEY` or `x-api-key: KEY`.",
    ),
    "INVALID_KEY": ErrorCode(
        (401,),
        "The API key opens nothing",
        "It is mistyped, revoked or expired. Issue another one.",
    ),
    "UNAUTHORIZED": ErrorCode(
        (401,),
        "Not allowed to do this",
        "Sign in, choose an organization, or use a key with the scope that `detail` names.",
    ),
    "NOT_FOUND": ErrorCode(
        (404,),
        "There is no such thing",
        "Check the id. What was deleted, and what belongs to others, is answered alike.",
    ),
    "VALIDATION_ERROR": ErrorCode(
        (400, 405, 422),
        "The request is not as it should be",
        "`detail` names every member that is wrong, as `path: message`. 400: the body is no JSON,"
        " or a header is malformed; 405: the path knows other methods, see `Allow`.",
    ),
    "PLAN_REQUIRED": ErrorCode(
        (403,),
        "The organization's plan does not include this",
        "`detail` names the plan that does.",
    ),
    "RATE_LIMITED": ErrorCode(
        (429,),
        "Too many requests in 60 seconds",
        "Wait as long as `Retry-After` says. `X-RateLimit-*` tell how much room is left.",
        again=True,
    ),
    "NO_JOBS_PROVIDED": ErrorCode(
        (400,), "There is no job description", "Send the posting as `job_description`."
    ),
    "EMPTY_JOB_DESCRIPTION": ErrorCode(
        (400,), "The job description is blank", "Send the text of the posting."
    ),
    "INSUFFICIENT_CREDITS": ErrorCode(
        (402,),
        "No generation credit is left",
        "`detail` tells when there are new ones. A larger plan adds its difference at once.",
    ),
    "NO_MASTER_RESUME": ErrorCode(
        (400,),
        "The organization has no master resume",
        "Upload a resume, or name one by its id in place of `master`.",
    ),
    "NO_JOB_DESCRIPTION": ErrorCode(
        (400,),
        "There is no posting to write to",
        "Send `job_description`: the resume was not tailored to one.",
    ),
    "RESUME_NOT_RENDERED": ErrorCode(
        (422,),
        "The resume has nothing to show yet",
        "Wait until its `status` is READY, or retry its parsing.",
    ),
    "PDF_RENDER_FAILED": ErrorCode(
        (500, 503), "The PDF could not be made", "Ask again in a moment.", again=True
    ),
    "TAILORING_FAILED": ErrorCode(
        (500,), "The tailoring came to nothing", "Ask again; nothing was charged.", again=True
    ),
    "MISSING_SOURCE_TEXT": ErrorCode(
        (400,),
        "There is no text to parse",
        "Upload the document again.",
    ),
    "LLM_PARSING_FAILED": ErrorCode(
        (500,),
        "The text could not be turned into a resume",
        "Ask again, or send the content as `structured_data`.",
        again=True,
    ),
    "RETRY_FAILED": ErrorCode(
        (500,),
        "Parsing broke down, or takes too long",
        "Read the resume's `status`: PROCESSING may become READY by itself. If not, ask again.",
        again=True,
    ),
    "RESUME_NOT_PARSED": ErrorCode(
        (400,),
        "The resume has no structured data",
        "Retry its parsing, or send the content as `structured_data`.",
    ),
    "PRIMARY_TAILORING_FAILED": ErrorCode(
        (500,),
        "The model gave no answer that could be used",
        "Check the settings under `/api/v1/llm-config` and ask again; nothing was charged.",
        again=True,
    ),
    "TAILORING_PROCESS_FAILED": ErrorCode(
        (500,), "Tailoring broke down", "Ask again; nothing was charged.", again=True
    ),
    "FILE_NOT_SUPPORTED": ErrorCode(
        (415,), "The file is neither PDF nor DOCX", "Export the document as one of them."
    ),
    "RESUME_NOT_FOUND": ErrorCode(
        (404,), "There is no such resume to write about", "Check the id of the resume."
    ),
    "LLM_GENERATION_FAILED": ErrorCode(
        (500,), "The model wrote nothing", "Ask again; nothing was charged.", again=True
    ),
    "COVER_LETTER_PROCESS_FAILED": ErrorCode(
        (500,),
        "The cover letter could not be written",
        "Check the settings under `/api/v1/llm-config` and ask again; nothing was charged.",
        again=True,
    ),
    "OUTREACH_PROCESS_FAILED": ErrorCode(
        (500,),
        "The outreach message could not be written",
        "Check the settings under `/api/v1/llm-config` and ask again; nothing was charged.",
        again=True,
    ),
    "REGENERATE_FAILED": ErrorCode(
        (500,),
        "The text could not be written anew",
        "The old one stands. Ask again; nothing was charged.",
        again=True,
    ),
    "PAYLOAD_TOO_LARGE": ErrorCode(
        (413,), "The body is too large", "A document may have 10 MiB; `detail` names the limit."
    ),
    "TIMEOUT": ErrorCode(
        (504,),
        "The work took too long and was given up",
        "Ask again, or with `Prefer: respond-async`; nothing was charged.",
        again=True,
    ),
    "CONFLICT": ErrorCode(
        (409, 412),
        "It is being worked on, or was changed meanwhile",
        "409: it is being worked on or is in another state; ask again later. 412: it is not at the"
        " version that `If-Match` names; read it again.",
        again=True,
    ),
    "UNPROCESSABLE": ErrorCode(
        (422,),
        "The request is understood but cannot be done",
        "The document has no text to read (encrypted, scanned, empty or broken), or the"
        " `Idempotency-Key` was used for another request.",
    ),
    "APPLY_CONFLICT": ErrorCode(
        (409,),
        "The resume changed while it was tailored",
        "Read it again and repeat the request with its new `ETag`; nothing was charged.",
        again=True,
    ),
    "INTERNAL_ERROR": ErrorCode(
        (500, 503),
        "Something went wrong on the server",
        "Ask again. If it stays so, give its operator the `X-Request-Id`.",
        again=True,
    ),
}
"""By code; there are no others."""
