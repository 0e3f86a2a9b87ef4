"""The read models there are, and their tables."""

from collections.abc import Sequence
from typing import Any, Final

from psycopg import Cursor

from events.recorded import Recorded
from projections.api_keys import API_KEYS
from projections.credit_months import CREDIT_MONTHS
from projections.generated_resumes import GENERATED_RESUMES
from projections.generations import GENERATIONS
from projections.invitations import INVITATIONS
from projections.letters import LETTERS
from projections.members import MEMBERS
from projections.organizations import ORGANIZATIONS
from projections.read_model import ReadModel
from projections.resumes import RESUMES
from projections.usage import USAGE
from projections.users import USERS
from projections.webhooks import WEBHOOKS

READ_MODELS: Final[tuple[ReadModel[Any], ...]] = (
    ORGANIZATIONS,
    API_KEYS,
    USERS,
    MEMBERS,
    INVITATIONS,
    RESUMES,
    GENERATIONS,
    GENERATED_RESUMES,
    LETTERS,
    USAGE,
    CREDIT_MONTHS,
    WEBHOOKS,
)


def project_all(cursor: Cursor[Any], facts: Sequence[Recorded]) -> None:
    """Move the rows of every read model by *facts*, inside the caller's transaction."""
    for model in READ_MODELS:
        model.project(cursor, facts)
