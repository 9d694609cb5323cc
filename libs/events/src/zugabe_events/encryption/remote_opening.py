"""Another service opens what it sealed: its keys stay with it."""

from collections.abc import Awaitable, Callable, Mapping, Sequence

import aiohttp
import msgspec

from zugabe_events.encryption.master_key import KeysUnavailableError
from zugabe_events.encryption.personal_data import AskOwner
from zugabe_events.encryption.sealed_text import Closed

TIMEOUT = aiohttp.ClientTimeout(total=5)
MOST_TEXTS = 500


class OpenedText(msgspec.Struct, frozen=True):
    """`closed`: the text says why there is none to show."""

    text: str
    closed: bool


class Opened(msgspec.Struct, frozen=True):
    """In the order in which they were asked."""

    texts: list[OpenedText]


def ask_owner_to_open(
    http: aiohttp.ClientSession,
    url_of: Callable[[str], str],
    bearer: Callable[[], Awaitable[str]],
) -> AskOwner:
    """Raises KeysUnavailableError whenever it does not answer as it should."""

    async def ask(owner: str, texts: Sequence[str]) -> Mapping[str, str]:
        opened: dict[str, str] = {}
        for start in range(0, len(texts), MOST_TEXTS):
            some = list(texts[start : start + MOST_TEXTS])
            try:
                async with http.post(
                    f"{url_of(owner)}/people/opened",
                    json={"texts": some},
                    headers={"Authorization": f"Bearer {await bearer()}"},
                    timeout=TIMEOUT,
                    raise_for_status=True,
                ) as answer:
                    said = msgspec.json.decode(await answer.read(), type=Opened)
                plain = [Closed(one.text) if one.closed else one.text for one in said.texts]
                opened.update(zip(some, plain, strict=True))
            except (
                aiohttp.ClientError,
                TimeoutError,
                AttributeError,  # no service of that name
                ValueError,
            ) as error:
                raise KeysUnavailableError from error
        return opened

    return ask
