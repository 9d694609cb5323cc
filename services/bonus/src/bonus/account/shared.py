"""The account that the users of a customer share while their points are pooled (BO-33)."""


def pool_of(customer: str) -> str:
    """Stands for a user in the ids of accounts; no user is called so, since it has a separator."""
    return f"pool:{customer}"
