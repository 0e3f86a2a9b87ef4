"""The organization aggregate: its plan, keys and model settings."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from uuid import UUID

from events.organization import (
    KeyIssued,
    KeyRevoked,
    LlmConfigured,
    OrganizationEvent,
    OrganizationFounded,
    Plan,
    PlanChanged,
)


@dataclass(frozen=True, slots=True)
class Organization:
    """Where one organization stands. `keys` tells of each key whether it is still good."""

    id: UUID
    version: int
    name: str
    plan: Plan = "FREE"
    keys: Mapping[UUID, bool] = field(default_factory=dict)
    llm: LlmConfigured | None = None


def fold(state: Organization | None, events: Iterable[OrganizationEvent]) -> Organization | None:
    """Apply facts in order. Facts are never judged here: they happened."""
    for event in events:
        if isinstance(event, OrganizationFounded):
            state = Organization(event.originator_id, 1, event.name)
        elif state is not None:
            state = replace(_evolve(state, event), version=event.originator_version)
    return state


def _evolve(state: Organization, event: OrganizationEvent) -> Organization:
    match event:
        case PlanChanged():
            return replace(state, plan=event.plan)
        case KeyIssued():
            return replace(state, keys={**state.keys, event.key_id: True})
        case KeyRevoked():
            return replace(state, keys={**state.keys, event.key_id: False})
        case LlmConfigured():
            return replace(state, llm=event)
        case OrganizationFounded():
            return state
