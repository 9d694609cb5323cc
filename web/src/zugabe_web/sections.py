"""The parts of the site. A new one is a function from the site to its router, and a line here."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from fastapi import APIRouter

from zugabe_web.board.brand_page import brand_pages
from zugabe_web.board.catalogue_page import catalogue_pages
from zugabe_web.board.import_page import LARGE_IMPORTS, import_pages
from zugabe_web.board.pages import board_pages
from zugabe_web.board.partner_page import new_partner_pages, partner_files
from zugabe_web.board.partner_page import partner_pages as board_partner_pages
from zugabe_web.board.review_page import review_pages
from zugabe_web.entry.pages import entry_pages
from zugabe_web.forms.article_pages import LARGE_LISTS, article_pages
from zugabe_web.forms.brand_pages import brand_at_a_glance
from zugabe_web.forms.data_model_pages import data_model_pages
from zugabe_web.forms.delivery_pages import delivery_pages
from zugabe_web.forms.document_pages import UPLOADS, document_pages
from zugabe_web.forms.form_pages import form_pages
from zugabe_web.forms.sent import LARGE_FORMS
from zugabe_web.login.desk import Desk
from zugabe_web.login.pages import login_pages
from zugabe_web.partner.pages import partner_pages
from zugabe_web.site import Site


@dataclass(frozen=True, slots=True)
class Section:
    """`larger_bodies` has the maximum in bytes of routes that take files, such as
    `POST /unterlagen`."""

    pages: Callable[[Site], APIRouter]
    larger_bodies: Mapping[str, int] = MappingProxyType({})


SECTIONS: Sequence[Section] = (
    Section(entry_pages),
    Section(partner_pages),
    Section(form_pages, LARGE_FORMS),
    Section(document_pages, UPLOADS),
    Section(brand_at_a_glance),
    Section(data_model_pages),
    Section(delivery_pages),
    Section(article_pages, LARGE_LISTS),
)


@dataclass(frozen=True, slots=True)
class StaffSection:
    """The same, for pages of those who sign in at the issuer."""

    pages: Callable[[Desk], APIRouter]
    larger_bodies: Mapping[str, int] = MappingProxyType({})


STAFF_SECTIONS: Sequence[StaffSection] = (
    StaffSection(login_pages),
    StaffSection(board_pages),
    StaffSection(brand_pages),
    StaffSection(catalogue_pages),
    StaffSection(import_pages, LARGE_IMPORTS),
    StaffSection(new_partner_pages),
    StaffSection(partner_files),
    StaffSection(board_partner_pages),
    StaffSection(review_pages),
)
