"""S13: a name in a mail to an address that nobody has confirmed says nothing but a name."""

import pytest
from pydantic import TypeAdapter, ValidationError

from zugabe_events.domain.person_name import has_link
from zugabe_events.http.fields import PersonName
from zugabe_events.http.principal import principal_of

LINKS = [
    "Gewinnen Sie jetzt auf www.gewinn.example",
    "https://gewinn.example/x",
    "Gewinn auf gewinn.com!",
    "gewinn.de/anna",
    "Schreiben Sie an anna@gewinn.example",
    "JETZT.ONLINE",
]
NAMES = [
    "Dr. Änne Müller",
    "Dr.Meier",
    "J.R. Ewing",
    "hans.meier",
    "O'Neill-Groß",
    "Prof. A. de Vries",
    "",
]


@pytest.mark.parametrize("name", LINKS)
def test_a_name_with_a_link_is_left_out_or_refused(name: str) -> None:
    assert has_link(name)
    claims = {"sub": "anna", "role": "user", "dealer": "acme", "customer": "c1"}
    claims |= {"name": name, "family_name": name, "email": "a@b.de"}
    principal = principal_of({**claims, "email_verified": True})
    assert (principal.name, principal.family_name, principal.email) == (None, None, "a@b.de")
    with pytest.raises(ValidationError):
        TypeAdapter(PersonName).validate_python(name)


@pytest.mark.parametrize("name", NAMES)
def test_a_name_is_a_name(name: str) -> None:
    assert not has_link(name)


@pytest.mark.parametrize(("verified", "email"), [(False, None), (True, "a@b.de"), (None, None)])
def test_no_mail_goes_to_an_address_that_the_issuer_has_not_verified(
    verified: bool | None, email: str | None
) -> None:
    """S13: nor to one about which it says nothing."""
    claims = {"sub": "anna", "role": "user", "dealer": "acme", "customer": "c1", "email": "a@b.de"}
    said = {} if verified is None else {"email_verified": verified}
    assert principal_of({**claims, **said}).email == email
