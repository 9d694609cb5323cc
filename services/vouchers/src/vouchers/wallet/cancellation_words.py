"""Words for users about an order that was cancelled, which may be by returning everything."""


def cancelled(*, by_return: bool) -> str:
    return "zurückgegeben" if by_return else "storniert"
