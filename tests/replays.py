"""What the second answer under an Idempotency-Key has to be."""

import httpx2


def same(first: httpx2.Response, second: httpx2.Response) -> None:
    """Expect success, told again to the byte and marked as told again."""
    assert first.is_success, first.text
    assert second.content == first.content
    assert second.status_code == first.status_code
    assert second.headers["content-type"] == first.headers["content-type"]
    assert "idempotent-replayed" not in first.headers
    assert second.headers["idempotent-replayed"] == "true"
