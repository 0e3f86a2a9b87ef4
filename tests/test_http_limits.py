"""Plans, limits and scopes: how much an organization may ask, and what a key may do."""

import asyncio
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any, get_args
from uuid import UUID

import httpx2
import pytest
from fastapi import APIRouter
from fastapi.routing import APIRoute

from api import bootstrap
from api.core import now
from api.http.guard import KeyRoute, needs
from api.ids import to_wire
from api.keys import digest_of
from browsing import browser
from events.organization import Plan, Scope
from server import Deployment, Tenant, deployed, refolio, state
from worlds import early_in_a_window

RESUMES = "/api/v1/resumes"
LIMITS = {"FREE": 10, "STARTER": 30, "PRO": 100, "ENTERPRISE": 500}


@contextmanager
def on(
    billed: Deployment, plan: Plan, *, scopes: tuple[Scope, ...] = (), keys: int = 1
) -> Iterator[list[httpx2.Client]]:
    """Found an organization on *plan*, and yield a client for each of its keys."""
    organization_id = bootstrap.create_organization(billed.core, plan, plan)
    made = [
        bootstrap.create_key(billed.core, organization_id, bootstrap.NewKey("k", scopes=scopes))
        for _ in range(keys)
    ]
    clients = [
        httpx2.Client(base_url=billed.url, headers={"x-api-key": key}, timeout=60) for key in made
    ]
    try:
        yield clients
    finally:
        for client in clients:
            client.close()


def test_a_free_organization_gets_ten_requests_whichever_keys_it_uses(billed: Deployment) -> None:
    early_in_a_window()
    with on(billed, "FREE", keys=2) as clients:
        answers = [clients[n % 2].get(RESUMES) for n in range(11)]

    assert [answer.status_code for answer in answers] == [200] * 10 + [429]
    assert [answer.headers["x-ratelimit-remaining"] for answer in answers] == [
        *(str(left) for left in range(9, -1, -1)),
        "0",
    ]
    assert answers[-1].json()["error"] == "RATE_LIMITED"
    assert 1 <= int(answers[-1].headers["retry-after"]) <= 60


@pytest.mark.parametrize("plan", get_args(Plan))
def test_every_answer_to_a_key_tells_how_much_is_left(billed: Deployment, plan: Plan) -> None:
    with on(billed, plan) as [client]:
        headers = client.get(f"{RESUMES}/res_none").headers

    quota = LIMITS[plan]
    left_s = int(headers["x-ratelimit-reset"]) - time.time()
    assert headers["x-ratelimit-limit"] == str(quota)
    assert headers["x-ratelimit-remaining"] == str(quota - 1)
    assert 0 <= left_s <= 60
    assert headers["ratelimit-policy"] == f'"plan";q={quota};w=60'
    assert headers["ratelimit"].startswith(f'"plan";r={quota - 1};t=')
    assert "retry-after" not in headers


def test_a_key_that_opens_nothing_takes_nothing(billed: Deployment) -> None:
    with on(billed, "FREE") as [client]:
        wrong = billed.http.get(RESUMES, headers={"x-api-key": "raik_" + "0" * 36})

        assert wrong.status_code == 401
        assert "x-ratelimit-limit" not in wrong.headers
        assert client.get(RESUMES).headers["x-ratelimit-remaining"] == "9"


@pytest.mark.parametrize(
    "path",
    [
        f"{RESUMES}/res_none/tailor",
        f"{RESUMES}/res_none/cover-letters",
        f"{RESUMES}/res_none/cover-letters/let_none/regenerate",
        f"{RESUMES}/res_none/outreach",
        f"{RESUMES}/res_none/outreach/let_none/regenerate",
    ],
)
def test_a_free_organization_is_told_the_plan_before_its_body_is_looked_at(
    billed: Deployment, path: str
) -> None:
    with on(billed, "FREE") as [client]:
        answer = client.post(path, content=b"{")

    assert (answer.status_code, answer.json()["error"]) == (403, "PLAN_REQUIRED")
    assert answer.headers["x-ratelimit-remaining"] == "9"


def test_from_starter_on_the_body_is_looked_at(billed: Deployment) -> None:
    with on(billed, "STARTER") as [client]:
        answer = client.post(f"{RESUMES}/res_none/tailor", content=b"{")

    assert (answer.status_code, answer.json()["error"]) == (400, "VALIDATION_ERROR")


def test_an_operator_may_ask_for_pro_to_write_cover_letters() -> None:
    with (
        state() as home,
        deployed(home, billing="sandbox", cover_letter_plan="PRO") as strict,
        on(strict, "STARTER") as [starter],
        on(strict, "PRO") as [pro],
    ):
        path = f"{RESUMES}/res_none/cover-letters"
        refused, asked = starter.post(path), pro.post(path)
        outreach = starter.post(f"{RESUMES}/res_none/outreach")

    assert (refused.status_code, refused.json()["error"]) == (403, "PLAN_REQUIRED")
    assert asked.json()["error"] == "RESUME_NOT_FOUND"
    assert outreach.json()["error"] == "RESUME_NOT_FOUND"


def subscribe(billed: Deployment, organization: str, *stands: str) -> str:
    """Have the operator record how a subscription stands, and return what is said to that."""
    done = refolio(billed.serving.home, "org", "plan", organization, *stands)
    assert done.returncode == 0, done.stderr
    assert done.stdout == ""
    return done.stderr


def test_a_plan_that_ended_is_free_from_the_next_request_on(billed: Deployment) -> None:
    with on(billed, "PRO") as [client]:
        wire_id = to_wire("org", organization_of(billed, client))
        for stands, plan in ((["--status", "unpaid"], "FREE"), (["--status", "active"], "PRO")):
            subscribe(billed, wire_id, "PRO", *stands)

            tailoring = client.post(f"{RESUMES}/res_none/tailor", content=b"{")
            assert (tailoring.status_code == 403) == (plan == "FREE")
            assert tailoring.headers["x-ratelimit-limit"] == str(LIMITS[plan])
            assert client.get("/api/v1/usage").json()["data"]["plan"] == plan


def organization_of(billed: Deployment, client: httpx2.Client) -> UUID:
    admission = billed.core.door.admit(digest_of(client.headers["x-api-key"]), now())
    assert admission
    return admission.organization_id


def test_members_are_told_how_their_subscription_stands(billed: Deployment) -> None:
    with browser(billed) as ada:
        ada.sign_up()
        path = f"/api/subscription/{ada.organization}"
        founded = ada.ask(path)["data"]
        shown = [(founded["plan"], founded["status"], founded["currentPeriodEnd"])]
        for stands in (
            ("PRO", "--status", "canceled", "--period-end", "2999-12-31"),
            ("PRO", "--status", "incomplete_expired", "--period-end", "2999-12-31"),
            ("STARTER",),
        ):
            subscribe(billed, ada.organization, *stands)
            told = ada.ask(path)["data"]
            assert ada.session["subscription"] == told
            assert told["updatedAt"] > founded["updatedAt"]
            shown.append((told["plan"], told["status"], told["currentPeriodEnd"]))

    assert shown == [
        ("FREE", "active", None),
        ("PRO", "canceled", "2999-12-31T00:00:00.000Z"),
        ("FREE", "incomplete_expired", "2999-12-31T00:00:00.000Z"),
        ("STARTER", "active", None),
    ]


def test_an_operator_is_told_until_when_a_plan_is_in_force(billed: Deployment) -> None:
    with on(billed, "FREE") as [client]:
        wire_id = to_wire("org", organization_of(billed, client))
        canceled = ("PRO", "--status", "canceled", "--period-end", "2999-12-31")

        said = subscribe(billed, wire_id, *canceled)
        assert said == f"{wire_id} is on PRO until 2999-12-31T00:00:00.000Z.\n"
        assert subscribe(billed, wire_id, "PRO") == f"{wire_id} is on PRO.\n"
        failed = subscribe(billed, wire_id, "PRO", "--status", "past_due")

    until = datetime.fromisoformat(failed.split()[-1].removesuffix("."))
    assert timedelta(days=6.9) < until - now() <= timedelta(days=7)


def test_what_is_not_billed_is_not_refused(tenant: Tenant) -> None:
    usage = tenant.data("GET", "/api/v1/usage")

    assert usage["plan"] == "ENTERPRISE"


def test_requests_at_once_get_exactly_the_window(billed: Deployment) -> None:
    early_in_a_window()
    with on(billed, "STARTER") as [client], on(billed, "FREE") as [other]:
        headers = dict(client.headers)

        async def ask_all() -> list[int]:
            async with httpx2.AsyncClient(
                base_url=billed.url, headers=headers, timeout=60
            ) as many:
                answers = await asyncio.gather(*(many.get(RESUMES) for _ in range(50)))
            return [answer.status_code for answer in answers]

        assert Counter(asyncio.run(ask_all())) == {200: 30, 429: 20}
        assert other.get(RESUMES).status_code == 200


def operations(deployment: Deployment) -> list[tuple[str, str, str]]:
    """Return method, path and wanted scope of every operation that wants a key."""
    document: dict[str, Any] = deployment.http.get("/openapi.json").json()
    return [
        (method, path, operation["x-scope"])
        for path, methods in document["paths"].items()
        for method, operation in methods.items()
        if "x-scope" in operation
    ]


@pytest.mark.parametrize("scope", get_args(Scope))
def test_a_key_does_what_its_scope_says_and_no_more(deployment: Deployment, scope: Scope) -> None:
    organization_id = bootstrap.create_organization(deployment.core, "Scoped", "ENTERPRISE")
    key = bootstrap.create_key(
        deployment.core, organization_id, bootstrap.NewKey("k", scopes=(scope,))
    )
    found = operations(deployment)
    assert len(found) > 20
    for method, path, wanted in found:
        filled = path.replace("{", "").replace("}", "")
        headers = {"x-api-key": key}
        # Some answers have no end; what they begin with tells enough.
        with deployment.http.stream(method, filled, headers=headers, content=b"{") as answer:
            refused = answer.status_code == 401

            assert refused == (wanted != scope), (method, path, wanted)
            if refused:
                answer.read()
                assert answer.json() == {
                    "error": "UNAUTHORIZED",
                    "detail": f"The key lacks the scope {wanted!r}.",
                }


def test_a_route_with_a_key_says_what_it_needs() -> None:
    router = APIRouter(route_class=KeyRoute)
    router.add_api_route("/said", lambda: None, openapi_extra=needs("read"))

    with pytest.raises(KeyError, match="x-scope"):
        router.add_api_route("/unsaid", lambda: None)

    assert [route.path for route in router.routes if isinstance(route, APIRoute)] == ["/said"]
