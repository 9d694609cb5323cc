from chaos.plan import KINDS, by_kind, plan
from chaos.system import LINKS, PROCESSES, STORES


def test_a_seed_says_what_is_done_when() -> None:
    assert plan(7, 200, 900) == plan(7, 200, 900) != plan(8, 200, 900)


def test_so_many_faults_of_every_kind_come_in_the_time_there_is() -> None:
    faults = plan(7, 200, 900)
    assert len(faults) == 200
    assert by_kind(faults).keys() == KINDS.keys()
    assert [fault.at for fault in faults] == sorted(fault.at for fault in faults)
    assert faults[0].at > 0
    assert faults[-1].at <= 900


def test_everything_is_a_target() -> None:
    targets = {fault.target for fault in plan(7, 2_000, 900)}
    assert targets >= {*PROCESSES, *STORES, *LINKS}
