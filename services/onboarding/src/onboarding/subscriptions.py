"""Policies, read models, timers and mails of onboarding, all fed by its own events."""

from onboarding.board.lead_times import LEAD_TIMES
from onboarding.board.overview import OVERVIEW
from onboarding.board.view import BOARD
from onboarding.brand.policy import BRANDS, REMINDERS
from onboarding.document.view import DOCUMENTS
from onboarding.form.policy import STEPS
from onboarding.form.view import FORM_LISTS
from onboarding.mail.render import ORGANISATION, mails_of
from onboarding.material.files_view import MATERIAL_FILES
from onboarding.material.reach import REACH
from onboarding.product_type.overdue import OVERDUE
from onboarding.product_type.policy import DATA_MODELS
from onboarding.product_type.view import PRODUCT_TYPES
from onboarding.warehouse.delivery import DELIVERIES
from onboarding.warehouse.policy import WAREHOUSING
from onboarding.warehouse.view import WAREHOUSES
from zugabe_events.domain.projection import AnyReadModel

POLICIES = (BRANDS, DATA_MODELS, STEPS, WAREHOUSING)
READ_MODELS: tuple[AnyReadModel, ...] = (
    BOARD,
    DELIVERIES,
    DOCUMENTS,
    FORM_LISTS,
    LEAD_TIMES,
    MATERIAL_FILES,
    OVERVIEW,
    PRODUCT_TYPES,
    REACH,
    WAREHOUSES,
)
TIMERS = (OVERDUE, REMINDERS)
MAILS = (mails_of(ORGANISATION),)
