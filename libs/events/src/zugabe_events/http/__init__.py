"""The HTTP side of the kernel, as services use it."""

from zugabe_events.http.access import Access, Asked
from zugabe_events.http.app import http_app
from zugabe_events.http.callers import Caller, Role
from zugabe_events.http.lists import Selection, list_routes
from zugabe_events.http.queries import Days, ListQuery
from zugabe_events.http.routes import routes_past_the_dealer, routes_without_right
from zugabe_events.http.words import (
    Body,
    Cents,
    Count,
    Cursor,
    Day,
    Id,
    Instant,
    Limit,
    LongText,
    Text,
)
from zugabe_events.views import Page

PageOf = Page
"""List routes answer `PageOf[View]`: what `Views.page` returns."""

__all__ = [
    "Access",
    "Asked",
    "Body",
    "Caller",
    "Cents",
    "Count",
    "Cursor",
    "Day",
    "Days",
    "Id",
    "Instant",
    "Limit",
    "ListQuery",
    "LongText",
    "Page",
    "PageOf",
    "Role",
    "Selection",
    "Text",
    "http_app",
    "list_routes",
    "routes_past_the_dealer",
    "routes_without_right",
]
