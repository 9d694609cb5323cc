"""The release that runs; all parts of Zugabe have the same version."""

from importlib import metadata

KERNEL = "zugabe-events"


def about(program: str) -> tuple[str, str]:
    """Version and summary of the program's distribution; those of the kernel if it has none."""
    try:
        found = metadata.metadata(program)
    except metadata.PackageNotFoundError:
        found = metadata.metadata(KERNEL)
    return found["Version"], found["Summary"]


def version_of(program: str) -> str:
    version, _ = about(program)
    return version
