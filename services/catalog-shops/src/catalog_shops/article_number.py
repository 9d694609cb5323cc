"""Article numbers as requests and files write them; what they are, the kernel says."""

from typing import Annotated

from pydantic import StringConstraints

from zugabe_events.domain.article_number import KEY as KEY
from zugabe_events.domain.article_number import MAX_LENGTH as MAX_LENGTH
from zugabe_events.domain.article_number import key_of as key_of
from zugabe_events.domain.article_number import normalised as normalised
from zugabe_events.domain.article_number import number_of as number_of
from zugabe_events.http.fields import ArticleNumber as ArticleNumber

ArticleKey = Annotated[str, StringConstraints(pattern=rf"^{KEY.pattern}$", max_length=800)]
"""An article in a URL: its number, with `~20` for a space and `~2F` for a slash."""
