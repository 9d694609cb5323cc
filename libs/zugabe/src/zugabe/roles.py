"""Roles of a token."""

from typing import Literal

Role = Literal["user", "dealer-staff", "central", "points-manager", "partner", "service"]
