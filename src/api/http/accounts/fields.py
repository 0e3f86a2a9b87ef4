"""What fields of bodies must look like."""

from typing import Annotated, Final
from uuid import UUID

from pydantic import AfterValidator, EmailStr, Field, StringConstraints

from api.http.params import NOBODYS
from api.ids import Prefix, from_wire

Email = Annotated[EmailStr, AfterValidator(lambda email: email.strip().lower())]
PersonName = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=100)]
OrganizationName = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=2, max_length=50)
]
Slug = Annotated[
    str,
    StringConstraints(min_length=2, max_length=50, pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$"),
]
Password = Annotated[str, Field(max_length=1000)]
"""Longer than any that is taken, and short enough to hash."""

ImageUrl = Annotated[str, StringConstraints(max_length=2000, pattern=r"^https?://\S+$")]
MAX_METADATA_BYTES: Final = 10_000


def known(prefix: Prefix, wire_id: str) -> UUID:
    """Return the id that a client sent; a malformed one is nobody's."""
    return from_wire(prefix, wire_id) or NOBODYS
