"""`zugabe-verify`: the audit of any deployment, from its addresses."""

import argparse
import asyncio
import json
import sys
from collections.abc import Coroutine, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from aiokafka.errors import KafkaError
from pymongo.errors import PyMongoError

from zugabe_verify.checkpoint import OtherAuditError
from zugabe_verify.findings import Finding
from zugabe_verify.progress import Progress, ProgressLine
from zugabe_verify.verify import SERVICES, verify


def print_findings(findings: Sequence[Finding], *, as_json: bool) -> int:
    """Print the findings, and return the exit code."""
    if as_json:
        sys.stdout.write(json.dumps([asdict(finding) for finding in findings], indent=2) + "\n")
    else:
        for finding in findings:
            sys.stdout.write(f"{finding.kind}: {finding.text}\n")
        count = f"{len(findings):,} findings" if findings else "Nothing is wrong"
        sys.stdout.write(f"{count}.\n")
    return 1 if findings else 0


def finish(audit: Coroutine[Any, Any, list[Finding]], *, as_json: bool) -> int:
    """Run the audit and print its findings; 2 when it could not be finished."""
    try:
        found = asyncio.run(audit)
    except (PyMongoError, KafkaError, OSError, OtherAuditError) as error:
        sys.stderr.write(f"The audit could not be finished: {error}\n")
        return 2
    return print_findings(found, as_json=as_json)


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser("zugabe-verify", description=__doc__)
    parser.add_argument("services", nargs="*", help="services to audit; all by default")
    parser.add_argument("--mongo", required=True, metavar="URL", help="the replica set to read")
    parser.add_argument("--kafka", metavar="HOST:PORT", help="audit the topics too")
    parser.add_argument(
        "--business",
        action="store_true",
        help="audit effects, limits, balances and read models too",
    )
    parser.add_argument(
        "--history", type=Path, metavar="FILE", help="answers that clients got, as JSON Lines"
    )
    parser.add_argument(
        "--prefix",
        default="",
        help="prefix of the names of databases and topics, for a restored copy",
    )
    parser.add_argument(
        "--resume",
        type=Path,
        metavar="FOLDER",
        help="keep the state there, and continue an interrupted audit",
    )
    parser.add_argument("--json", action="store_true", help="print the findings as JSON")
    parser.add_argument("--quiet", action="store_true", help="show no progress")
    given = parser.parse_args(arguments)
    if unknown := set(given.services) - set(SERVICES):
        parser.error(f"no service {', '.join(sorted(unknown))}; there are {', '.join(SERVICES)}")
    audit = verify(
        given.mongo,
        given.kafka,
        services=given.services or SERVICES,
        business=given.business,
        history=given.history,
        prefix=given.prefix,
        progress=Progress() if given.quiet else ProgressLine(),
        resume=given.resume,
    )
    sys.exit(finish(audit, as_json=given.json))
