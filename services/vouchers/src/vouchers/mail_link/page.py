"""Small pages behind the links of mails, for people who have no program for anything else.

Opening one changes nothing, since programs open links before people do. Its button does.
"""

from base64 import b64encode
from hashlib import sha256
from html import escape

from fastapi.responses import HTMLResponse

STYLE = (
    "body{font:1.1rem/1.5 system-ui,sans-serif;max-width:36rem;margin:4rem auto;padding:0 1rem}"
    "button{font:inherit;padding:.6rem 1.2rem}"
)
STYLE_HASH = b64encode(sha256(STYLE.encode()).digest()).decode()

HEADERS = {
    "Content-Security-Policy": (
        f"default-src 'none'; style-src 'sha256-{STYLE_HASH}'; form-action 'self'; "
        "base-uri 'none'; frame-ancestors 'none'"
    ),
    # The address of the page is a secret of whoever got the mail.
    "Referrer-Policy": "no-referrer",
    "X-Robots-Tag": "noindex",
}


def question(title: str, text: str, button: str) -> HTMLResponse:
    form = f'<form method="post"><button>{escape(button)}</button></form>'
    return page(title, text, form)


def notice(title: str, text: str, status: int = 200) -> HTMLResponse:
    return page(title, text, status=status)


def page(title: str, text: str, form: str = "", status: int = 200) -> HTMLResponse:
    paragraphs = "".join(f"<p>{escape(part)}</p>" for part in text.split("\n"))
    return HTMLResponse(
        '<!doctype html><html lang="de"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        f"<title>{escape(title)}</title><style>{STYLE}</style></head>"
        f"<body><main><h1>{escape(title)}</h1>{paragraphs}{form}</main></body></html>\n",
        status,
        HEADERS,
    )
