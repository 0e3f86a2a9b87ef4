"""Schemathesis against a running server: requests made from its own OpenAPI document.

What the document promises is checked on every answer: statuses, schemas, headers, media types,
and that what violates a schema is refused.
"""

import json
import re
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from server import Deployment, Tenant

CONFIG: Final = """
# Endless by nature; its own tests read it.
[[operations]]
include-operation-id = "stream_events"
enabled = false
"""
WITH_KEY: Final = """\
headers = {{ x-api-key = "{key}" }}
"""
OPERATION: Final = """
[[operations]]
include-operation-id = "{name}"
parameters = {{ {parameters} }}
"""
SEMANTIC: Final = """\
checks.positive_data_acceptance.expected-statuses = {statuses}
"""

BEYOND_SCHEMAS: Final = {
    # What a document holds; and a key that was used for another one.
    r"upload": (400, 409, 413, 415, 422),
    # A template or a cursor that there never was, links to no job, a job that nobody tells.
    r"generate|list_generations|put_profile": (400, 404, 409, 422),
    # A version that there never was.
    r"pdf": (400, 404, 422),
    # Whom to write to, where the resume was not tailored; a blank posting; a resume without data;
    # where a model may be; a state that cannot be tried again; a key used for another request.
    r"(write|regenerate|delete)_.*|tailor|match_posting|check|edit_resume|put_llm_config|retry"
    r"|\w+_webhook|rotate_webhook_secret": (
        *(400, 404, 409),
        *(412, 422),
    ),
}
"""What may be refused though its schema allows it."""


@dataclass(frozen=True)
class Fuzzed:
    """What came of it: statuses by operation, and what was found wrong."""

    said: str
    statuses: dict[str, Counter[int]] = field(default_factory=dict)

    @property
    def reached(self) -> set[str]:
        """The operations that did what they are for, at least once."""
        return {name for name, seen in self.statuses.items() if any(s < 400 for s in seen)}

    @property
    def broke(self) -> dict[str, Counter[int]]:
        """The operations that failed on the server's side."""
        return {
            name: seen
            for name, seen in self.statuses.items()
            if any(status >= 500 for status in seen)
        }


def operations_of(deployment: Deployment) -> dict[str, tuple[str, str]]:
    """Return method and path of every operation that wants a key, by its id."""
    document: dict[str, Any] = deployment.http.get("/openapi.json").json()
    return {
        operation["operationId"]: (method.upper(), path)
        for path, operations in document["paths"].items()
        for method, operation in operations.items()
        if path.startswith(("/api/v1/", "/v1/")) and operation["operationId"] != "stream_events"
    }


def fuzz(
    deployment: Deployment,
    tenant: Tenant,
    *,
    examples: int,
    phases: str = "examples,coverage,fuzzing,stateful",
    seed: int | None = None,
) -> Fuzzed:
    """Run every check on every operation, with what the organization has to be found.

    Settings of models are those of an organization of their own, or else others would be asked
    for what is wanted here. Without a *seed* the same requests are made each time.
    """
    dice = ["--generation-deterministic"] if seed is None else ["--seed", str(seed)]
    operations = operations_of(deployment)
    with (
        tempfile.TemporaryDirectory(prefix="refolio-fuzz-") as folder,
        deployment.tenant() as configuring,
    ):
        config, report = Path(folder, "schemathesis.toml"), Path(folder, "report.ndjson")
        config.write_text(CONFIG + "".join(_sections(tenant, configuring, operations)))
        told = subprocess.run(
            [
                *(Path(sys.executable).with_name("schemathesis"), "--config-file", config, "run"),
                *(f"{deployment.url}/openapi.json", "--include-path-regex", "^/(api/)?v1/"),
                *("--checks", "all", "--phases", phases),
                *("--max-examples", str(examples), *dice, "--no-color"),
                *("--report-ndjson-path", report),
            ],
            capture_output=True,
            text=True,
            check=False,
            cwd=folder,
        )
        statuses = _statuses(report, operations)
    return Fuzzed("" if told.returncode == 0 else told.stdout + told.stderr, statuses)


def _sections(tenant: Tenant, configuring: Tenant, operations: Iterable[str]) -> Iterator[str]:
    """Yield the configuration of each operation, naming what there is for it to find."""
    named = _known_ids(tenant)
    for name in operations:
        found = next(ids for pattern, ids in named.items() if re.fullmatch(pattern, name))
        parameters = ", ".join(f'"path.{part}" = "{value}"' for part, value in found.items())
        yield OPERATION.format(name=name, parameters=parameters)
        who = configuring if name.endswith("llm_config") else tenant
        yield WITH_KEY.format(key=who.key)
        for pattern, statuses in BEYOND_SCHEMAS.items():
            if re.fullmatch(pattern, name):
                told = ["2xx", "304", *map(str, statuses)]
                yield SEMANTIC.format(statuses=json.dumps(told))


def _known_ids(tenant: Tenant) -> dict[str, dict[str, str]]:
    """Return ids for operations by pattern; what erases has things of its own."""
    kept, spare = (
        tenant.tailor(tenant.parsed(), generate_cover_letter=True, generate_outreach=True)
        for _ in range(2)
    )
    failed = tenant.edit(tenant.parsed(), status="FAILED")["id"]
    found: dict[str, dict[str, str]] = {
        "retry": {"resume_id": failed},
        "delete_resume": {"resume_id": tenant.parsed()},
        "get_job": {"job_id": kept["resume_id"].replace("res_", "job_")},
    }
    for kind, letter in (("cover_letter", "cover_letter_id"), ("outreach", "outreach_id")):
        for names, tailored in (("delete_letter", spare), ("get_letter|regenerate", kept)):
            found[f"({names})_{kind}"] = {
                "resume_id": tailored["resume_id"],
                "letter_id": tailored[letter],
            }
    hooks = [
        tenant.data("POST", "/api/v1/webhooks", json={"url": "https://hooks.example.org"})["id"]
        for _ in range(2)
    ]
    found["remove_webhook"] = {"webhook_id": hooks[0]}
    found[r".*webhook|list_deliveries|rotate_webhook_secret"] = {"webhook_id": hooks[1]}
    made = tenant.http.post("/v1/resumes/generate", json={"job_description": "Welder"})
    found["download_generation"] = {"generation_id": made.headers["x-generation-id"]}
    return {**found, ".*": {"resume_id": kept["resume_id"]}}


def _statuses(report: Path, operations: dict[str, tuple[str, str]]) -> dict[str, Counter[int]]:
    names = {place: name for name, place in operations.items()}
    found: dict[str, Counter[int]] = {}
    for line in report.read_text().splitlines():
        recorder = json.loads(line).get("ScenarioFinished", {}).get("recorder", {})
        for case_id, interaction in recorder.get("interactions", {}).items():
            case = recorder["cases"][case_id]["value"]
            name = names.get((case["method"], case["path"]))
            if name and interaction["response"]:
                seen = found.setdefault(name, Counter())
                seen[interaction["response"]["status_code"]] += 1
    return found
