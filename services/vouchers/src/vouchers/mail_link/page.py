"""Small pages behind the links of mails, for people who have no program for anything else.

Opening one changes nothing, since programs open links before people do. Its button does.
"""

from html import escape

from fastapi.responses import HTMLResponse

from zugabe_events.http.page import page


def question(title: str, text: str, button: str) -> HTMLResponse:
    form = f'<form method="post"><button>{escape(button)}</button></form>'
    return page(title, paragraphs(text) + form, language="de")


def notice(title: str, text: str, status: int = 200) -> HTMLResponse:
    return page(title, paragraphs(text), language="de", status=status)


def paragraphs(text: str) -> str:
    return "".join(f"<p>{escape(part)}</p>" for part in text.split("\n"))
