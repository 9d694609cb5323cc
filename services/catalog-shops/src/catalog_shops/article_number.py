"""Article numbers in URLs."""

from typing import Annotated

from pydantic import StringConstraints

from zugabe_events.domain.article_number import KEY

ArticleKey = Annotated[str, StringConstraints(pattern=rf"^{KEY.pattern}$", max_length=800)]
"""An article in a URL: its number, with `~20` for a space and `~2F` for a slash."""
