"""The consumer group of a service's processes."""

from dataclasses import replace

from kernel_tests.toy import TYPES, counters

from zugabe_events.runtime.host import group_of
from zugabe_events.runtime.service import Service


def service(*versions: int) -> Service:
    models = [replace(counters(f"toy{n}"), name=f"toy.{n}", version=version)
              for n, version in enumerate(versions)]  # fmt: skip
    return Service("toy", TYPES, TYPES, read_models=models)


def test_processes_share_partitions_only_if_they_have_the_same_versions_of_all_read_models() -> (
    None
):
    group = group_of(service(1, 1))
    assert group.startswith("toy.")
    assert group_of(service(1, 1)) == group
    assert group_of(replace(service(), read_models=service(1, 1).read_models[::-1])) == group
    assert len({group, *(group_of(service(*other)) for other in [(1, 2), (2, 1), (1,), ()])}) == 5
    assert group_of(service()) == "toy"
