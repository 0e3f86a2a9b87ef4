"""Which plan an organization is on, for its members."""

from typing import Any, Final, Literal
from uuid import UUID

from fastapi import APIRouter, Response
from fastapi.responses import JSONResponse
from pydantic import BaseModel, Field

from api.http.accounts.fields import known
from api.http.accounts.guard import AccountRoute, Accounts, SignedIn
from api.http.accounts.refusals import told
from api.http.accounts.shapes import Shape
from api.http.envelope import Instant
from api.http.guard import Running
from api.http.problems import Problem
from api.ids import to_wire
from api.runtime import Runtime


class SubscriptionRoute(AccountRoute):
    """Answers refusals as the clients of this route know them."""

    @staticmethod
    def refuse(error: Exception) -> Response:
        """Return the answer to a refusal."""
        status, _, message, headers = told(error)
        return JSONResponse({"success": False, "error": message}, status, headers)


class Unknown(BaseModel):
    """No subscription that the caller may see."""

    success: Literal[False] = False
    error: str = Field(examples=["Not found"])


UNKNOWN: Final[dict[int | str, dict[str, Any]]] = {
    "default": {"model": Unknown, "description": "Refused, with the reason"}
}

router = APIRouter(
    prefix="/api/subscription", tags=["Accounts"], route_class=SubscriptionRoute, responses=UNKNOWN
)


class SubscriptionShape(Shape):
    """The plan of an organization that is in force, and how its purchase stands if it was bought.

    A plan that ended is FREE, whatever it was; `status` and `currentPeriodEnd` tell why.
    """

    id: str
    organization_id: str
    polar_customer_id: str | None
    polar_subscription_id: str | None
    plan: str
    status: str
    current_period_end: Instant | None
    created_at: Instant
    updated_at: Instant


class Subscription(Shape):
    """A subscription that was found."""

    data: SubscriptionShape
    success: Literal[True] = True


def subscription_shape(organization_id: UUID, running: Runtime) -> SubscriptionShape | None:
    """Return what is known of an organization's plan."""
    row = running.accounts.directory.organization(organization_id)
    if row is None:
        return None
    wire_id, bills = to_wire("org", row.id), running.settings.bills
    return SubscriptionShape(
        id=wire_id.replace("org_", "sub_"),
        organization_id=wire_id,
        polar_customer_id=None,
        polar_subscription_id=None,
        plan=running.plan_of(row.id),
        status=row.status if bills else "active",
        current_period_end=row.period_end if bills else None,
        created_at=row.created_at,
        updated_at=row.plan_changed_at,
    )


@router.get("/{organization_id}")
def get_subscription(
    organization_id: str, me: SignedIn, running: Running, cases: Accounts
) -> Subscription:
    """Read the plan of an organization that one is a member of."""
    wanted = known("org", organization_id)
    mine = {membership.organization_id for membership in cases.directory.memberships_of(me.id)}
    found = subscription_shape(wanted, running) if wanted in mine else None
    if found is None:
        raise Problem(404, "NOT_FOUND", "Not found")
    return Subscription(data=found)
