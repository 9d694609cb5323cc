"""Estimates in German."""

from vouchers.estimate.estimation import Estimate
from vouchers.estimate.jobs import EstimateJob
from zugabe_events.domain.german_numbers import thousands
from zugabe_events.domain.money import euros


def sentence_of(job: EstimateJob) -> str:
    match job.status:
        case "waiting":
            return "Die Schätzung beginnt gleich."
        case "running" if job.total:
            return f"Gelesen: {thousands(job.done)} von {orders(job.total)}."
        case "running":
            return f"Gelesen: {orders(job.done)}."
        case "failed":
            return "Die Schätzung ist an einem internen Fehler gescheitert."
        case "done":
            return done(job.estimate, is_free=job.terms.discount_type == "free-shipping")


def done(found: Estimate, *, is_free: bool) -> str:
    if not found.orders:
        return "In den letzten 365 Tagen gab es keine Bestellungen."
    of_all = f"Von {orders(found.orders)} der letzten 365 Tage"
    if not found.qualified:
        return f"{of_all} hätte keine die Bedingungen der Kampagne erfüllt."
    have = "hätte" if found.qualified == 1 else "hätten"
    qualified = f"{of_all} {have} {thousands(found.qualified)} die Bedingungen der Kampagne erfüllt"
    if found.uses < found.qualified:
        qualified += f", {thousands(found.uses)} davon im Rahmen ihrer Grenzen"
    if is_free:
        return f"{qualified}. Das hätte {euros(found.shipping_cents)} an Versandkosten erspart."
    return f"{qualified}. Das hätte {euros(found.discount_cents)} an Rabatten gekostet."


def orders(number: int) -> str:
    return "1 Bestellung" if number == 1 else f"{thousands(number)} Bestellungen"
