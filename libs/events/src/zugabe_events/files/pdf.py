"""PDF: from head to end, without scripts, embedded files and calls of programs.

Only names and dictionaries are read. Names are looked for in all of the file, whatever refers to
them, and in object streams, where compressed documents keep them.
"""

import re

from zugabe_events.files.pdf_objects import MAX_UNPACKED, object_streams, plain
from zugabe_events.files.refusals import active_content, another_type, too_much

BLANKS = b"\x00\t\n\f\r "
HEAD = re.compile(rb"(?:\xef\xbb\xbf)?[\x00\t\n\f\r ]*%PDF-[12]\.[0-9]")
"""Some programs put a mark of UTF-8 or line breaks before it."""

MAX_HEAD_BYTES = 64

REST = re.compile(rb"(?:[\x00\t\n\f\r ]|%[\t\x20-\x3b\x3d-\x7e\x80-\xff]*+|<!--[^<>\x00]*-->)*+")
"""Behind the end: blanks, and comments of PDF and of programs that write XML."""

MAX_REST_BYTES = 1_024

ACTIVE = re.compile(
    rb"/(?:JavaScript|Launch|EmbeddedFiles?|RichMedia|Rendition|XFA|ImportData|GoToE)"
    rb"(?=[\x00\t\n\f\r ()<>\[\]{}/%]|$)"
)
"""Names of actions and contents that do more than show a page."""

ADDRESS = re.compile(rb"/URI[\x00\t\n\f\r ]*+\([!-'*-;=?-~]*+\)")
"""A link may lead to `…/JavaScript`. Without blanks and brackets it cannot hide anything else."""


def check_pdf(content: bytes) -> None:
    """Raises FileRefusedError."""
    end = content.rfind(b"%%EOF")
    if not HEAD.match(content[:MAX_HEAD_BYTES]) or end < 0:
        raise another_type()
    rest = content[end + len(b"%%EOF") :].strip(BLANKS)
    if len(rest) > MAX_REST_BYTES or not REST.fullmatch(rest):
        raise another_type()
    names = plain(content)
    check_names(names)
    if b"/First" not in names:
        return
    unpacked = 0
    for objects in object_streams(content):
        unpacked += len(objects)
        if unpacked > MAX_UNPACKED:
            raise too_much()
        check_names(plain(objects))


def check_names(content: bytes) -> None:
    if ACTIVE.search(ADDRESS.sub(b"", content)):
        raise active_content()
