"""An order after it was placed: pieces that left and came back, by number of line or gift."""

from dataclasses import dataclass, field

from zugabe_verify.records import Body


@dataclass(slots=True)
class Pieces:
    """`returned` ones include those `withdrawn` before they left."""

    ordered: int
    shipped: int = 0
    returned: int = 0
    withdrawn: int = 0

    @property
    def to_ship(self) -> int:
        return self.ordered - self.shipped - self.withdrawn

    @property
    def out(self) -> int:
        """Pieces that can come back."""
        return self.shipped + self.withdrawn - self.returned

    def take_back(self, quantity: int, withdrawn: int) -> None:
        self.returned += quantity
        self.withdrawn += withdrawn


@dataclass(slots=True)
class Fulfilled:
    body: Body
    lines: dict[int, Pieces]
    gifts: dict[int, Pieces]
    shipments: set[str] = field(default_factory=set)
    returns: list[Body] = field(default_factory=list)
    is_cancelled: bool = False

    @classmethod
    def of(cls, body: Body) -> "Fulfilled":
        return cls(
            body,
            {line["number"]: Pieces(line["quantity"]) for line in body["lines"]},
            {gift["number"]: Pieces(gift["pieces"]) for gift in body.get("gifts", ())},
        )

    @property
    def pieces(self) -> dict[int, Pieces]:
        return self.lines | self.gifts

    def ship(self, body: Body) -> None:
        if body["lines"]:
            self.shipments.add(body["shipment_id"])
        for one in body["lines"]:
            if pieces := self.pieces.get(one["number"]):
                pieces.shipped += one["quantity"]

    def take_back(self, body: Body) -> None:
        for one in body["lines"]:
            if pieces := self.lines.get(one["number"]):
                withdrawn = one["quantity"] if body.get("unshipped") else 0
                pieces.take_back(one["quantity"], withdrawn)
        for one in body["gifts"]:
            if pieces := self.gifts.get(one["number"]):
                pieces.take_back(one["quantity"], min(one["quantity"], pieces.to_ship))
        self.returns.append(body)
