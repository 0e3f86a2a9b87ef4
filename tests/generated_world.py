"""A person who generates: an organization with a master resume, and a client written for `/v1`."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Final

import httpx2

from events.organization import Plan
from server import Deployment, Tenant

POSTING: Final = (
    "Senior Data Engineer at Contoso\n\n"
    "Requirements\n- Python and Airflow\n- Terraform\n- Kafka is a plus\n"
)


@dataclass(frozen=True)
class Person:
    """Whoever holds the key of a tenant, at the other surface."""

    tenant: Tenant

    def generate(self, key: str | None = None, **body: Any) -> httpx2.Response:
        """Ask for a generation; without a body, for a plain one of the posting."""
        headers = {"idempotency-key": key} if key else {}
        told = body or {"job_description": POSTING}
        return self.tenant.http.post("/v1/resumes/generate", json=told, headers=headers)

    def history(self, **query: Any) -> dict[str, Any]:
        """Return a page of the history."""
        answer = self.tenant.http.get("/v1/resumes", params=query)
        assert answer.status_code == 200, answer.text
        page: dict[str, Any] = answer.json()
        return page

    def profile(self, **changes: Any) -> dict[str, Any]:
        """Change the profile, if anything is to be changed, and return it."""
        answer = (
            self.tenant.http.put("/v1/profile", json=changes)
            if changes
            else self.tenant.http.get("/v1/profile")
        )
        assert answer.status_code == 200, answer.text
        shown: dict[str, Any] = answer.json()
        return shown


@contextmanager
def person(
    deployment: Deployment, plan: Plan = "ENTERPRISE", sample: str = "two_columns.pdf"
) -> Iterator[Person]:
    """Yield a person with a parsed master resume."""
    with deployment.tenant("Kong", plan) as tenant:
        tenant.parsed(sample, set_as_master="true")
        yield Person(tenant)
