"""German words for the codes in the services' answers."""

from collections.abc import Mapping

PHASES: Mapping[str, str] = {
    "organisation": "Organisation",
    "content": "Content",
    "logistics": "Logistik",
    "live": "Livesetzung",
}
PHASE_STATUS: Mapping[str, str] = {"open": "folgt noch", "running": "läuft", "done": "erledigt"}
BRAND_STATUS: Mapping[str, str] = {
    "prepared": "vorbereitet",
    "running": "läuft",
    "paused": "unterbrochen",
    "closed": "beendet",
    "live": "live",
}
STEPS: Mapping[str, str] = {
    "releases": "Plattformfreigaben",
    "contacts": "Kontaktübersicht",
    "data-models": "Datenmodelle",
    "warehouse": "Lagerinformationen",
    "customer-service": "Kundenservice",
}
FORM_STATUS: Mapping[str, str] = {
    "open": "offen",
    "draft": "Entwurf",
    "submitted": "eingereicht",
    "sent-back": "zurückgegeben",
    "accepted": "angenommen",
}
WAITS_FOR: Mapping[str, str] = {
    "partner": "Partner",
    "central": "Customer Success",
    "nobody": "niemanden",
}
