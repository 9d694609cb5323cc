"""A fake onboarding: answers that a test prepares, and a record of what it was asked."""

from dataclasses import dataclass, field
from typing import Any

import httpx
import msgspec

PARTNER, LINK, TOKEN = "nordwind", "eyJsaW5r.from.mail", "eyJz.of.session"
UNTIL = "2026-12-01T00:00:00Z"

LINE = {
    "brand": "nordkap",
    "name": "Nordkap",
    "status": "running",
    "phase": "organisation",
    "owed_by_partner": 1,
    "owed_by_central": 1,
    "live_at": None,
}
SUMMARY = {
    "partner": PARTNER,
    "name": "Nordwind GmbH",
    "status": "running",
    "contact": {"name": "Kim Kranich", "email": "kim@nordwind.test"},
    "manager": {"name": "Maxi Meise", "email": "maxi@zugabe.test"},
    "brands": [LINE],
}
MISSING = [
    {
        "requirement": "form:contacts",
        "owner": "partner",
        "subject": "",
        "count": 0,
        "detail": "Kontaktübersicht: die Ansprechpartner",
    },
    {
        "requirement": "warehouse",
        "owner": "central",
        "subject": "",
        "count": 0,
        "detail": "Auswahl des Lagers",
    },
]
BRAND = {
    "brand": "nordkap",
    "name": "Nordkap",
    "status": "running",
    "phase": "organisation",
    "phases": [
        {
            "phase": "organisation",
            "status": "running",
            "started_at": "2026-11-01T09:00:00Z",
            "completed_at": None,
        },
        *(
            {"phase": phase, "status": "open", "started_at": None, "completed_at": None}
            for phase in ("content", "logistics", "live")
        ),
    ],
    "steps": [
        {"step": "releases", "done": True},
        *(
            {"step": step, "done": False}
            for step in ("contacts", "data-models", "warehouse", "customer-service")
        ),
    ],
    "missing": MISSING,
    "releases": [{"platform": "otto", "status": "granted", "open": [], "live_articles": 0}],
    "overdue_data_models": [],
    "articles": 0,
    "articles_with_text": 0,
    "articles_with_images": 0,
    "live_at": None,
    "reporting_url": None,
    "data_links": [],
}


MATERIAL = {
    "items": [
        {
            "id": "ablauf",
            "title": "Erklärvideo „Ablauf des Onboardings“",
            "kind": "video",
            "url": "https://material.zugabe.test/ablauf",
            "phase": "organisation",
            "step": None,
        }
    ],
    "amazon": None,
    "files": [],
}


def problem(status: int, code: str, detail: str, **members: Any) -> httpx.Response:
    body = {"code": code, "detail": detail, "status": status, **members}
    return httpx.Response(status, json=body, headers={"Content-Type": "application/problem+json"})


@dataclass
class FakeOnboarding:
    """`answers` by method and path; bodies are sent as JSON, responses and errors as they are,
    and functions are asked."""

    answers: dict[str, Any] = field(default_factory=dict)
    asked: list[httpx.Request] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.answers |= {
            f"POST /partners/{PARTNER}/sessions": {"token": TOKEN, "expires_at": UNTIL},
            f"GET /partners/{PARTNER}": SUMMARY,
            f"GET /partners/{PARTNER}/brands": [BRAND],
            f"GET /partners/{PARTNER}/brands/nordkap": BRAND,
            f"GET /partners/{PARTNER}/material": MATERIAL,
        }

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.asked.append(request)
        answer = self.answers.get(f"{request.method} {request.url.path}")
        if isinstance(answer, Exception):
            raise answer
        if callable(answer):
            answer = answer(request)
        if isinstance(answer, httpx.Response):
            return answer
        if answer is None:
            return problem(404, "route-unknown", "Diese Adresse gibt es nicht.")
        return httpx.Response(200, content=msgspec.json.encode(answer))
