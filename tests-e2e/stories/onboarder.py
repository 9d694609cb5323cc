"""A partner of a test's own, and those who guide them from the welcome to going live."""

import asyncio
from collections.abc import Mapping
from typing import Any
from uuid import uuid4

import httpx

from stories.dealer import Answer, Person
from zugabe import mails
from zugabe.demo.nordwind import OF_PARTNER, PLACE, of_brand
from zugabe.supervisor import Stack
from zugabe_testing.eventually import eventually

AHEAD, BEHIND = "nordkap", "suedlicht"
ARTICLES = ("NK-1", "NK-2", "NK-3")
THREE = ["amazon", "otto", "zalando"]


class Onboarder:
    """Nobody else's: what a test finds here, it did. `kim` is the contact, and comes in by the link
    of their mail; `jo` has an account."""

    kim: Person

    def __init__(self, stack: Stack, http: httpx.AsyncClient) -> None:
        self.id = f"p-{uuid4().hex[:10]}"
        self.stack = stack
        self.http = http
        self.central = self.person("carla", stack.token("central", user="carla"))
        self.jo = self.person("jo", stack.token("partner", user="jo", partner=self.id))
        self.other = self.person("olga", stack.token("partner", user="olga", partner="p-other"))
        self.warehouse = f"w-{self.id}"

    def person(self, name: str, bearer: str) -> Person:
        return Person(self.http, self.stack.addresses, "", name, bearer)

    def mail_of(self, name: str) -> str:
        return f"{name}@{self.id}.test"

    async def guide(self, method: str, path: str, body: Any = None) -> Answer:
        """Central; `path` is below the partner's."""
        return await self.central.ask(method, "onboarding", f"/partners/{self.id}{path}", body)

    async def by(self, who: Person, method: str, path: str, body: Any = None) -> Any:
        """Somebody; it has to work."""
        path = f"/partners/{self.id}{path}"
        return (await who.ask(method, "onboarding", path, body)).of(200, 201, 204)

    async def see(self, who: Person, path: str) -> Any:
        """The partner's view of all that anybody did until now."""
        for one in (self.central, self.jo, getattr(self, "kim", self.jo)):
            who.saw(one)
        return await self.by(who, "GET", path)

    async def open(self) -> None:
        central = self.central
        place = {**PLACE, "address": f"{PLACE['address']}\n{self.id}"}
        path = f"/warehouses/{self.warehouse}"
        (await central.ask("PUT", "onboarding", path, place)).of(200)
        model = {"label": "Regenjacke", "group": "Bekleidung"}
        (await central.ask("PUT", "onboarding", "/product-types/regenjacke", model)).of(204)
        contact = {"contact_id": "kim", "name": "Kim Kranich", "email": self.mail_of("kim")}
        await self.by(central, "PUT", "", {"name": "Nordwind GmbH", "contact": contact})
        manager = {"manager_id": "maxi", "name": "Maxi Meise", "email": "maxi@zugabe.test"}
        await self.by(central, "PUT", "/manager", manager)
        for brand in (AHEAD, BEHIND):
            await self.by(central, "PUT", f"/brands/{brand}", {"name": brand.title()})

    async def welcome(self) -> None:
        await self.by(self.central, "POST", "/welcome")
        self.kim = self.person("kim", await self.session(await eventually(self.link)))

    async def session(self, link: str) -> str:
        """What the link is exchanged for (S17)."""
        url = f"{self.stack.addresses['onboarding']}/partners/{self.id}/sessions"
        answer = await self.http.post(url, json={"link": link})
        assert answer.status_code == httpx.codes.CREATED, answer.text
        return str(answer.json()["token"])

    async def link(self) -> str:
        """The token of the link in the latest mail that has one."""
        found = [word.partition("?link=")[2] for text in self.texts() for word in text.split()
                 if word.startswith("http") and "?link=" in word]  # fmt: skip
        assert found
        return found[-1]

    def texts(self, name: str = "kim") -> list[str]:
        arrived = mails.to(self.mail_of(name), self.stack.addresses["mails"])
        return [mails.text(mail) for mail in arrived]

    def subjects(self, name: str = "kim") -> list[str]:
        arrived = mails.to(self.mail_of(name), self.stack.addresses["mails"])
        return sorted(str(mail["Subject"]) for mail in arrived)

    async def fill(self, form: str, body: Mapping[str, Any], brand: str = "") -> None:
        """By the contact, and accepted."""
        path = (f"/brands/{brand}" if brand else "") + f"/forms/{form}"
        seen = (await self.see(self.kim, path))["revision"]
        sent = {"revision": seen, **body}
        revision = (await self.by(self.kim, "PUT", f"{path}/submission", sent))["revision"]
        await self.by(self.central, "POST", f"{path}/acceptance", {"revision": revision})

    async def fill_all(self, brand: str) -> None:
        """Fill the forms of the brand, and of the partner as well."""
        for form, body in OF_PARTNER.items():
            await self.fill(form, body)
        for form, body in of_brand(brand.title()).items():
            answers = body.get("answers", {})
            if form == "plattformauswahl":
                answers = {**answers, "plattformen": THREE}
            await self.fill(form, {**body, "answers": answers}, brand)

    async def complete(self, phase: str, brand: str = AHEAD) -> None:
        """Complete the phase, once the consequences of earlier steps have reached the brand."""
        path = f"/brands/{brand}/phases/{phase}/completion"
        for _ in range(200):
            answer = await self.guide("POST", path)
            if answer.status == httpx.codes.NO_CONTENT:
                return
            assert answer.body["code"] in ("gate-closed", "phase-not-started"), answer.body
            await asyncio.sleep(0.1)
        raise AssertionError(answer.body)

    async def organise(self, brand: str = AHEAD) -> None:
        await self.fill_all(brand)
        await self.by(
            self.central, "PUT", f"/brands/{brand}/warehouse", {"warehouse": self.warehouse}
        )
        await self.complete("organisation", brand)

    async def write_content(self, brand: str = AHEAD) -> None:
        """The product types of the accepted form reach the brand a moment later."""
        articles = [{"article": one, "product_type": "regenjacke"} for one in ARTICLES]
        content = {"texts": ARTICLES, "images": ARTICLES}

        async def written() -> None:
            at = f"/brands/{brand}"
            await self.by(self.kim, "POST", f"{at}/articles", {"articles": articles})
            await self.by(self.central, "POST", f"{at}/content", content)

        await eventually(written)

    async def deliver(self, day: str, brand: str = AHEAD) -> None:
        at, pieces = f"/brands/{brand}", {"pieces": 600}
        await self.by(self.kim, "PUT", f"{at}/deliveries/d1", {"expected_on": day, **pieces})
        receipt = {"received_on": day, **pieces}
        await self.by(self.central, "PUT", f"{at}/goods-receipts/w1", receipt)
        await self.complete("logistics", brand)
