"""Whom a token speaks for."""

from typing import Literal

Role = Literal["user", "dealer-staff", "central", "points-manager", "partner", "service"]
