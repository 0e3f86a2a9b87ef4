"""What an error of the API has to look like."""

import httpx2

from api.http.error_codes import CODES
from worlds import FAULT_SAID


def refused(answer: httpx2.Response, status: int, code: str, *says: str) -> None:
    """Expect an envelope with this code, and a detail of a few words that *says* what helps."""
    body = answer.json()
    assert (answer.status_code, body["error"]) == (status, code), answer.text
    assert status in CODES[code].statuses
    assert answer.headers["content-type"] == "application/json"
    assert body.keys() == {"error", "detail"} if says else body == {"error": code}
    detail = body.get("detail", "")
    assert all(word in detail for word in says), detail
    assert FAULT_SAID not in detail
