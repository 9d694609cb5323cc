"""Lists as the files that people take with them."""

import csv
from io import BytesIO, StringIO
from typing import Any

import httpx
from openpyxl import load_workbook

from stories.dealer import Person


async def content(person: Person, service: str, path: str) -> bytes:
    """Whole: a body that breaks off raises."""
    headers = {"Authorization": f"Bearer {person.bearer}", "Zugabe-Token": person.tokens}
    async with httpx.AsyncClient(timeout=60) as http:
        answer = await http.get(person.url(service, path), headers=headers)
    assert answer.status_code == 200, answer.text
    return answer.content


async def csv_rows(person: Person, service: str, path: str) -> list[dict[str, str]]:
    text = (await content(person, service, path)).decode("utf-8-sig")
    return list(csv.DictReader(StringIO(text, newline=""), delimiter=";"))


async def xlsx_rows(person: Person, service: str, path: str) -> list[dict[str, Any]]:
    book = load_workbook(BytesIO(await content(person, service, path)))
    titles, *rows = book.worksheets[0].iter_rows(values_only=True)
    return [dict(zip(map(str, titles), row, strict=True)) for row in rows]
