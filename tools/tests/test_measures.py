"""The measures of a small tree whose answers are plain."""

from pathlib import Path

from tools.command_path import COMMANDS, files_of, paths_of
from tools.measures import Shape, alike, circles, rooms_arrows, shapes, upward


def write(root: Path, files: dict[str, str]) -> Path:
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return root


def test_arrows_go_between_rooms_and_are_counted_once(tmp_path: Path) -> None:
    root = write(
        tmp_path / "kernel",
        {
            "__init__.py": "",
            "low/__init__.py": "",
            "low/one.py": "import kernel.low.two\n",
            "low/two.py": "def late():\n    from kernel.high import roof\n",
            "high/__init__.py": "",
            "high/roof.py": "from kernel.low.one import x\nfrom kernel.low import two\n",
            "alone.py": "import os\n",
        },
    )
    arrows = rooms_arrows(root)
    assert arrows == {("high", "low"), ("low", "high")}
    assert circles(arrows) == [{"high", "low"}]
    assert upward(arrows, ["high", "low"]) == {("low", "high")}
    assert upward(arrows, ["high | low"]) == arrows


def test_the_measured_commands_are_routes_of_this_tree() -> None:
    for command in COMMANDS:
        assert len(files_of(Path(__file__).parents[2], command)) > 1


def test_a_prefix_may_be_a_constant_of_the_module(tmp_path: Path) -> None:
    root = write(
        tmp_path,
        {
            "services/shop/src/shop/order/api.py": (
                "PREFIX = '/orders'\n"
                "def order_api(store):\n"
                "    router = APIRouter(prefix=PREFIX)\n"
                "    @router.post('/cancellation')\n"
                "    async def cancel_order():\n"
                "        ...\n"
            ),
        },
    )
    assert list(paths_of(root, "shop")) == ["POST /orders/cancellation"]


def test_rooms_in_a_row_are_no_circle() -> None:
    assert circles({("a", "b"), ("b", "c"), ("a", "c")}) == []
    assert circles({("a", "b"), ("b", "c"), ("c", "a"), ("d", "a")}) == [{"a", "b", "c"}]


def test_classes_are_alike_by_the_fields_of_the_larger_one(tmp_path: Path) -> None:
    root = write(
        tmp_path,
        {"m.py": "class A:\n    stored_as: ClassVar[str] = 'a'\n    x: int\n    y: int = 1\n"},
    )
    assert shapes([root / "m.py"]) == [Shape("m.A", frozenset({"x", "y"}))]
    six = frozenset("abcdef")
    classes = [Shape("six", six), Shape("seven", six | {"g"}), Shape("eight", six | {"g", "h"})]
    assert alike(classes) == [("six", "seven"), ("seven", "eight")]


def test_a_command_is_followed_through_its_own_cases_only(tmp_path: Path) -> None:
    its = "services/shop/src/shop"
    root = write(
        tmp_path,
        {
            f"{its}/order/api.py": (
                "from shop.order.decider import Place, order\n"
                "def order_api(store):\n"
                "    router = APIRouter(prefix='/orders')\n"
                "    @router.put('/{order}')\n"
                "    async def place(order_id: Id) -> None:\n"
                "        await handle(store, order, Place(order_id))\n"
            ),
            f"{its}/order/decider.py": (
                "from shop.order.placing import Place, place\n"
                "from shop.order.cancelling import Cancel, cancel\n"
                "def decide(command: Place | Cancel):\n"
                "    match command:\n"
                "        case Place():\n"
                "            return place(command)\n"
                "        case Cancel():\n"
                "            return cancel(command)\n"
                "order = Decider(decide)\n"
            ),
            f"{its}/order/placing.py": "class Place: ...\ndef place(command): ...\n",
            f"{its}/order/cancelling.py": "class Cancel: ...\ndef cancel(command): ...\n",
        },
    )
    found = files_of(root, "shop PUT /orders/{order}")
    assert [path.name for path in found] == ["api.py", "decider.py", "placing.py", "view.py"]


def test_the_text_of_a_refusal_is_not_followed(tmp_path: Path) -> None:
    its = "services/shop/src/shop"
    root = write(
        tmp_path,
        {
            f"{its}/order/api.py": (
                "from shop.order.refusals import ClosedError\n"
                "def order_api(store):\n"
                "    @router.put('/orders')\n"
                "    async def place() -> None:\n"
                "        raise ClosedError('friday')\n"
            ),
            f"{its}/order/refusals.py": (
                "from shop.labels import label\n"
                "class ClosedError(Exception):\n"
                "    def __init__(self, day):\n"
                "        super().__init__(label(day))\n"
            ),
            f"{its}/labels.py": "def label(day): ...\n",
        },
    )
    found = files_of(root, "shop PUT /orders")
    assert [path.name for path in found] == ["api.py", "refusals.py", "view.py"]


def test_a_stream_that_is_only_read_counts_with_its_state_alone(tmp_path: Path) -> None:
    its = "services/shop/src/shop"
    shopper = {
        f"{its}/shopper/decider.py": (
            "from shop.shopper.joining import Join, join\n"
            "from shop.shopper.state import evolve\n"
            "def decide(command: Join):\n"
            "    match command:\n"
            "        case Join():\n"
            "            return join(command)\n"
            "SHOPPER = Decider('shopper', decide, evolve)\n"
            "def shopper_history(shopper):\n"
            "    return History(shopper, SHOPPER)\n"
        ),
        f"{its}/shopper/joining.py": "class Join: ...\ndef join(command): ...\n",
        f"{its}/shopper/state.py": "def evolve(state, event): ...\n",
    }

    def route(command: str, imported: str) -> dict[str, str]:
        return {
            f"{its}/order/api.py": (
                f"{imported}"
                "from shop.shopper.decider import shopper_history\n"
                "def order_api(store):\n"
                "    @router.put('/orders')\n"
                "    async def place(shopper: Id) -> None:\n"
                f"        await handle(store, shopper_history(shopper), {command})\n"
            )
        }

    read = write(tmp_path / "read", {**shopper, **route("None", "")})
    found = [path.name for path in files_of(read, "shop PUT /orders")]
    assert found == ["api.py", "state.py", "view.py"]
    imported = "from shop.shopper.joining import Join\n"
    written = write(tmp_path / "written", {**shopper, **route("Join()", imported)})
    found = [path.name for path in files_of(written, "shop PUT /orders")]
    assert found == ["api.py", "decider.py", "joining.py", "state.py", "view.py"]


def test_a_helper_beside_the_route_is_followed_and_shadows_the_module(tmp_path: Path) -> None:
    its = "services/shop/src/shop"
    root = write(
        tmp_path,
        {
            f"{its}/order/api.py": (
                "from shop.order.decider import order\n"
                "from shop.other import settle\n"
                "def order_api(store):\n"
                "    router = APIRouter(prefix='/orders')\n"
                "    async def settle(command):\n"
                "        await handle(store, order, command)\n"
                "    @router.put('/{order}')\n"
                "    async def place(order_id: Id) -> None:\n"
                "        await settle(order_id)\n"
            ),
            f"{its}/order/decider.py": "def order(): ...\n",
            f"{its}/other.py": "def settle(): ...\n",
        },
    )
    found = files_of(root, "shop PUT /orders/{order}")
    assert [path.name for path in found] == ["api.py", "decider.py", "view.py"]


def test_all_commands_of_a_service_are_measured_the_longest_path_first(tmp_path: Path) -> None:
    its = "services/shop/src/shop"
    root = write(
        tmp_path,
        {
            f"{its}/order/api.py": (
                "from shop.order.decider import place, cancel\n"
                "def order_api(prefix):\n"
                "    router = APIRouter(prefix=prefix)\n"
                "    @router.get('')\n"
                "    async def get() -> None: ...\n"
                "    @router.delete(f'{draft}/text')\n"
                "    async def forget() -> None: ...\n"
                "    @router.post('/placement')\n"
                "    async def put() -> None:\n"
                "        place()\n"
            ),
            f"{its}/order/decider.py": "def place(): ...\n",
        },
    )
    found = {command: len(files) for command, files in paths_of(root, "shop").items()}
    assert [*found.items()] == [("POST …/placement", 3), ("DELETE ……/text", 2)]
