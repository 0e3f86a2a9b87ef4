"""Every operation of the OpenAPI document, called by its own examples.

The document's example answers are recorded again by

    PYTHONPATH=src:tests python tests/openapi_calls.py
"""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import httpx2

from contract_fuzz import ids_for, known_ids, operations_of
from server import SAMPLES, Deployment, Tenant, deployed, state

ANSWERS: Final = Path(__file__).parents[1] / "src/api/http/openapi_answers.json"
SAMPLE: Final = SAMPLES / "two_columns.pdf"
NO_JSON: Final = {"pdf"}
LONG: Final = 120
MOST_ITEMS: Final = 2
SERVER: Final = "https://refolio.example.org"
SECRET: Final = "whsec_" + "A" * 43 + "="

Json = Any
Called = tuple[str, str, httpx2.Response]
"""The operation's id, what its example shows, and the answer."""


def calls(deployment: Deployment, tenant: Tenant) -> Iterator[Called]:
    """Call every operation with each of its examples; what erases comes last."""
    document = deployment.http.get("/openapi.json").json()
    operations = operations_of(deployment)
    known = known_ids(tenant)
    for name in sorted(operations, key=lambda name: name.startswith(("delete", "remove"))):
        method, path = operations[name]
        operation = document["paths"][path][method.lower()]
        where = path.format(**ids_for(known, name))
        if name == "upload":
            file = {"file": (SAMPLE.name, SAMPLE.read_bytes())}
            yield name, "", tenant.http.post(where, files=file)
            continue
        content = operation.get("requestBody", {}).get("content", {})
        examples = content.get("application/json", {}).get("examples")
        for told, example in (examples or {"": {"value": None}}).items():
            yield name, told, tenant.http.request(method, where, json=example["value"])


def recorded() -> dict[str, Json]:
    """Return the first answer of every operation, shortened to what shows its shape."""
    with state() as home, deployed(home, rate_limits="off") as running, running.tenant() as tenant:
        found: dict[str, Json] = {}
        for name, told, answer in calls(running, tenant):
            assert answer.is_success, (name, told, answer.text)
            if name not in NO_JSON:
                found.setdefault(name, _shortened(answer.json(), running.url))
    return found


def shape_of(value: Json) -> Json:
    """Return the members of an answer without their values, lists without their items."""
    if isinstance(value, dict):
        return {name: shape_of(member) for name, member in value.items()}
    return None


def _shortened(value: Json, url: str) -> Json:
    if isinstance(value, dict):
        return {name: _shortened(member, url) for name, member in value.items()}
    if isinstance(value, list):
        return [_shortened(item, url) for item in value[:MOST_ITEMS]]
    if not isinstance(value, str):
        return value
    if value.startswith("whsec_"):
        return SECRET
    value = value.replace(url, SERVER)
    return f"{value[:LONG]}…" if len(value) > LONG else value


if __name__ == "__main__":
    told = json.dumps(dict(sorted(recorded().items())), indent=1, ensure_ascii=False)
    ANSWERS.write_text(f"{told}\n", "utf-8")
