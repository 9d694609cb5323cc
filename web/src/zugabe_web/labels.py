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
RELEASES: Mapping[str, str] = {
    "chosen": "gewünscht",
    "requested": "angefragt",
    "granted": "freigegeben",
    "refused": "abgelehnt",
    "withdrawn": "zurückgezogen",
}
NEEDS: Mapping[str, str] = {
    "available": "vorhanden",
    "missing": "fehlt",
    "reported": "gemeldet",
    "overdue": "überfällig",
}
PRECONDITIONS: Mapping[str, str] = {
    "brand-registration": "Markenregistrierung",
    "administrators": "Administratorenrechte für unsere beiden E-Mail-Adressen",
}
CHANGES: Mapping[str, str] = {"new": "neu", "changed": "geändert", "gone": "entfernt"}
PLATFORMS: Mapping[str, str] = {
    "about-you": "About You",
    "amazon-de": "Amazon.de",
    "amazon-eu": "Amazon EU",
    "bol-com": "bol.com",
    "ebay": "eBay",
    "peek-cloppenburg": "Peek & Cloppenburg",
}
"""Those whose name is not simply their id in capitalised words."""
SIDES: Mapping[str, str] = {
    "central": "Customer Success",
    "partner": "Partner",
    "service": "angebundenes System",
    "system": "von selbst",
}
