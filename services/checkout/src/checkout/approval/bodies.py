"""Request bodies about submitted orders. `attempt` is that of the submission that was read."""

from typing import Annotated

from pydantic import Field

from zugabe_events.http.fields import Body, Text

Attempt = Annotated[int, Field(strict=True, ge=1, le=10**9)]


class Rejection(Body):
    attempt: Attempt
    note: Text | None = None
