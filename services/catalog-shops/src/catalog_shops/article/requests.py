"""Bodies of requests about articles and prices."""

import re
from decimal import Decimal
from typing import Annotated

from pydantic import BeforeValidator, ConfigDict, Field
from pydantic_core import PydanticCustomError

from catalog_shops.article.master_data import (
    MAX_GROUPS,
    MAX_IMAGES,
    MAX_KEYWORDS,
    MAX_LINE,
    MAX_MEDIA,
    MAX_SOURCE,
    MAX_TEXT,
)
from catalog_shops.article.schedule import MAX_PRICES, MAX_QUANTITY, MAX_STEPS
from zugabe_events.contracts.catalog_shops import (
    Article,
    ArticleFlag,
    ArticleImage,
    ArticleUse,
    Availability,
    Price,
    PriceStep,
    TaxClass,
)
from zugabe_events.domain.article_number import number_of
from zugabe_events.domain.errors import InvalidError
from zugabe_events.http.fields import Body, Day, Id, Instant, Text, at_most

Line = Annotated[str, Field(max_length=MAX_LINE)]
Quantity = Annotated[int, Field(strict=True, ge=1, le=MAX_QUANTITY)]


def _written_as_amount(value: object) -> object:
    """Refuse JSON numbers, which would be read as binary fractions."""
    if isinstance(value, str) and re.fullmatch(r"\d{1,8}(\.\d{1,10})?", value, re.ASCII):
        return Decimal(value)
    raise PydanticCustomError("amount", 'Erwartet wird ein Betrag wie "3.49".')


Amount = Annotated[Decimal, BeforeValidator(_written_as_amount)]
"""Euro as text, exact."""


class ImageBody(Body):
    """`file` is the hash of a stored graphic; `source` what the catalogue calls the image."""

    file: Annotated[str, Field(max_length=MAX_LINE)] = ""
    source: Annotated[str, Field(max_length=MAX_SOURCE)] = ""


class ArticleBody(Body):
    """The master data of an article, whole: what is left out is empty."""

    model_config = ConfigDict(extra="forbid", frozen=True, str_max_length=MAX_TEXT)

    name: Text
    text: Annotated[str, Field(max_length=MAX_TEXT)] = ""
    manufacturer: Line = ""
    manufacturer_number: Line = ""
    brand: Id | None = None
    groups: Annotated[tuple[Id, ...], at_most(MAX_GROUPS)] = ()
    media: Annotated[tuple[Line, ...], at_most(MAX_MEDIA)] = ()
    images: Annotated[tuple[ImageBody, ...], at_most(MAX_IMAGES)] = ()
    gtin: Annotated[str, Field(max_length=30)] = ""
    keywords: Annotated[tuple[Line, ...], at_most(MAX_KEYWORDS)] = ()
    order_unit: Line = ""
    tax: TaxClass = "standard"
    availability: Availability = "available"
    use: ArticleUse = "sale"
    catalogue_flag: Annotated[int, Field(strict=True, ge=0, le=99)] = 0
    flags: Annotated[tuple[ArticleFlag, ...], at_most(4)] = ()
    catalogue: Line = ""

    def article(self) -> Article:
        return Article(
            name=self.name,
            text=self.text,
            manufacturer=self.manufacturer,
            manufacturer_number=self.manufacturer_number,
            brand=self.brand or "",
            groups=self.groups,
            media=self.media,
            images=tuple(ArticleImage(image.file, image.source) for image in self.images),
            gtin=self.gtin,
            keywords=self.keywords,
            order_unit=self.order_unit,
            tax=self.tax,
            availability=self.availability,
            use=self.use,
            catalogue_flag=self.catalogue_flag,
            flags=self.flags,
            catalogue=self.catalogue,
        )


class StepBody(Body):
    """`amount` in euro for the price unit, such as `"3.49"`, from a quantity on."""

    from_quantity: Quantity = 1
    amount: Amount


class PriceBody(Body):
    """A net price; `quantity` is the price unit."""

    steps: Annotated[tuple[StepBody, ...], at_most(MAX_STEPS)]
    quantity: Quantity = 1
    valid_from: Day | None = None
    valid_until: Day | None = None

    def price(self) -> Price:
        steps = tuple(PriceStep(step.from_quantity, step.amount) for step in self.steps)
        return Price(steps, self.quantity, self.valid_from, self.valid_until)


class PricesBody(Body):
    """All prices of an article; none withdraws them.

    They are in force from now on, or from `effective_at` in the past for history that is set up.
    """

    prices: Annotated[tuple[PriceBody, ...], at_most(MAX_PRICES)]
    effective_at: Instant | None = None

    def schedule(self) -> tuple[Price, ...]:
        return tuple(price.price() for price in self.prices)


def number_in(key: str) -> str:
    """The number that a key in a URL stands for. Raises InvalidError."""
    try:
        return number_of(key)
    except ValueError as error:
        raise InvalidError("Das ist keine Artikelnummer.", code="article-number-invalid") from error
