"""The audit of each user across the logs: effects, limits, balances, read models."""

from collections.abc import Mapping
from pathlib import Path

import msgspec

from zugabe_verify.business.account import check_account
from zugabe_verify.business.checkout.course import check_courses
from zugabe_verify.business.limits import Limits
from zugabe_verify.business.moves import Moves, is_pool
from zugabe_verify.business.newsletter import check_newsletter
from zugabe_verify.business.orders import orders_of
from zugabe_verify.business.programme import check_programmes
from zugabe_verify.business.scope import Case, Scope
from zugabe_verify.business.unique_codes import UniqueCodes
from zugabe_verify.business.wallet import check_wallet
from zugabe_verify.findings import Findings
from zugabe_verify.log import Database
from zugabe_verify.memberships import MEMBERSHIP
from zugabe_verify.progress import Progress
from zugabe_verify.records import Body, LoggedEvent, StoredDocument, User
from zugabe_verify.rules import CAMPAIGN, PROGRAMME
from zugabe_verify.spill import Spill
from zugabe_verify.views import liability
from zugabe_verify.views.compare import MODELS, Comparison, serving, spill_documents

SETTINGS = CAMPAIGN | PROGRAMME | MEMBERSHIP

SERVICES = ("vouchers", "bonus", "checkout")
"""Checkout is read last: it may have advanced meanwhile, but no effect lacks its cause."""

ACCOUNT = "account"
WALLET = "wallet"
NEWSLETTER = "newsletter"


class BusinessAudit:
    """Takes every event of the three logs, and keeps them on disk by user until the end."""

    def __init__(self, scope: Scope, folder: Path, progress: Progress) -> None:
        self._scope = scope
        self._progress = progress
        kinds = LoggedEvent | StoredDocument
        self._rows: Spill[LoggedEvent | StoredDocument] = Spill(folder / "users", kinds)  # type: ignore[arg-type]
        self._limits = Limits(scope, folder)
        self._moves = Moves(scope)
        self._pools: set[str] = set()
        self._codes = UniqueCodes(scope)
        self._settings: list[StoredDocument] = []
        self._builds: dict[str, str] = {}
        self._liability = liability.LiabilityAudit()

    async def read_documents(self, databases: Mapping[str, Database]) -> None:
        """Call this before the logs are read, which then contain whatever a document has seen."""
        for model in MODELS.values():
            db = databases[model.service]
            build = await serving(db, model.name)
            if build is None:
                self._progress.note(f"{model.service}: there is no read model {model.name}.")
                continue
            self._builds[model.name] = build
            await spill_documents(db, model, build, self._rows, self._settings)
        owed = await serving(databases["bonus"], liability.NAME)
        if owed is not None:
            await self._liability.read(databases["bonus"], owed)

    def take(self, event: LoggedEvent) -> None:
        try:
            body = event.body
        except msgspec.DecodeError:
            return  # reported as event-invalid
        if event.name in SETTINGS:
            self._scope.rules.take(event)
        elif "user" in body and "dealer" in body:
            self._keep(event, body)
        self._limits.take(event)
        self._moves.take(event)

    def _keep(self, event: LoggedEvent, body: Body) -> None:
        """By user, or what stands for the users of a customer who share points (BO-33)."""
        if is_pool(event.stream):
            pool = event.stream.removeprefix(f"{ACCOUNT}/")
            self._pools.add(pool)
            self._rows.put(pool, event)
            return
        self._rows.put(f"{body['dealer']}/{body['user']}", event)
        pool = f"{body['dealer']}/pool:{body.get('customer')}"
        if event.log == "checkout" and pool in self._pools:
            self._rows.put(pool, event)
        self._codes.take(event)
        owed = self._liability
        owed.take(event, self._scope.reached.get((owed.build, event.log), {}))

    def check(self) -> None:
        findings = self._scope.findings
        comparison = Comparison(findings, self._builds, self._scope.reached)
        comparison.check(self._scope.rules.settings, self._settings)
        done = 0
        for key, rows in self._rows.groups():
            user = User.of(key, rows)
            events = [event for event in rows if isinstance(event, LoggedEvent)]
            if key in self._pools:
                self._check_pool(user)
                events = [event for event in events if event.log == "bonus"]
            else:
                self._check_user(user, findings)
            comparison.check(events, user.documents)
            done += len(rows)
            self._progress.step("events by user", done, self._rows.rows)
        self._limits.check()
        self._liability.check(findings)
        self._moves.check()
        check_programmes(self._scope)

    def _check_pool(self, user: User) -> None:
        """Its rewards against the orders of all users; these are checked with each user."""
        orders = orders_of(user.of_log("checkout"), Findings())
        stream = f"{ACCOUNT}/{user.key}"
        check_account(user.streams.get(stream, []), Case(self._scope, "bonus", stream, orders))

    def _check_user(self, user: User, findings: Findings) -> None:
        events = user.of_log("checkout")
        check_courses(events, findings)
        orders = orders_of(events, findings)
        for service, kind, check in (
            ("vouchers", WALLET, check_wallet),
            ("bonus", ACCOUNT, check_account),
        ):
            stream = f"{kind}/{user.key}"
            check(user.streams.get(stream, []), Case(self._scope, service, stream, orders))
        stream = f"{NEWSLETTER}/{user.key}"
        check_newsletter(
            [*user.streams.get(stream, []), *user.streams.get(f"{WALLET}/{user.key}", [])],
            Case(self._scope, "vouchers", stream, orders),
        )
