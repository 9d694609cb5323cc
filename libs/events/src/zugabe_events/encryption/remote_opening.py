"""Client for opening texts that another service sealed, whose keys stay with it."""

import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence

import aiohttp
import msgspec

from zugabe_events.encryption.master_key import KeysUnavailableError
from zugabe_events.encryption.personal_data import AskOwner
from zugabe_events.encryption.sealed_text import WithheldReason

log = logging.getLogger(__name__)

REQUEST_TIMEOUT = aiohttp.ClientTimeout(total=5)
MAX_TEXTS = 500


class OpenedText(msgspec.Struct, frozen=True):
    """`closed` if `text` is the reason why it is not shown."""

    text: str
    closed: bool


class OpenedTexts(msgspec.Struct, frozen=True):
    """Texts in the order of the request."""

    texts: list[OpenedText]


def ask_owner_to_open(
    http: aiohttp.ClientSession, url_of: Callable[[str], str], bearer: Callable[[], Awaitable[str]]
) -> AskOwner:
    """The function raises KeysUnavailableError if the owner gives no valid answer.

    It asks only services, whose address `url_of` has: owners that it does not know, for which it
    raises LookupError, are words in a text that looks sealed (S7).
    """

    async def ask(owner: str, texts: Sequence[str]) -> Mapping[str, str]:
        try:
            url = url_of(owner)
        except LookupError:
            log.warning("a text that looks sealed names no service as its owner")
            return {text: text for text in texts}
        opened: dict[str, str] = {}
        for start in range(0, len(texts), MAX_TEXTS):
            batch = list(texts[start : start + MAX_TEXTS])
            try:
                async with http.post(
                    f"{url}/people/opened",
                    json={"texts": batch},
                    headers={"Authorization": f"Bearer {await bearer()}"},
                    timeout=REQUEST_TIMEOUT,
                    raise_for_status=True,
                ) as answer:
                    result = msgspec.json.decode(await answer.read(), type=OpenedTexts)
                plain = [
                    WithheldReason(item.text) if item.closed else item.text for item in result.texts
                ]
                opened.update(zip(batch, plain, strict=True))
            except (aiohttp.ClientError, TimeoutError, ValueError) as error:
                raise KeysUnavailableError from error
        return opened

    return ask
