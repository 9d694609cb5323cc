"""Advice by kind of finding."""

RESTORE = (
    "stop the service, keep a copy of its database, and compare it with a backup and with Kafka"
)
SEQUENCER = "look at the sequencer's log, and do not start a second one by hand"
REPUBLISH = "send the part again from the log (docs/operations/runbooks.md, `is missing before`)"
CONTRADICTION = "decide which side is right (docs/operations/runbooks.md, `stands still`)"
REBUILD = "rebuild the read model (docs/operations/runbooks.md, rebuild a read model)"
CONSUMER = (
    "see whether the consumer retries or has put the event aside (docs/operations/runbooks.md)"
)
CODE = "keep the database as it is and look up the commit: the service decided wrongly"

ADVICE: dict[str, str] = {
    "log-missing": "run the service's deploy step, or name the right database",
    "position-gap": RESTORE,
    "position-ahead": CONTRADICTION,
    "time-backwards": SEQUENCER,
    "sequence-count": RESTORE,
    "commit-missing": RESTORE,
    "commit-foreign": "find out who writes to this database besides the service",
    "commit-unsequenced": SEQUENCER,
    "commit-sequenced-twice": RESTORE,
    "commit-part": RESTORE,
    "version-gap": RESTORE,
    "version-doubled": RESTORE,
    "version-order": RESTORE,
    "key-changed": RESTORE,
    "topic-missing": "run the service's deploy step, then send everything again",
    "kafka-missing": REPUBLISH,
    "kafka-order": REPUBLISH,
    "kafka-changed": CONTRADICTION,
    "kafka-foreign": "find out who writes to this topic besides the sequencer",
    "kafka-ahead": CONTRADICTION,
    "event-unknown": "release the schemas of the code that runs, or find who wrote the event",
    "event-invalid": "keep the event, and mend the contract or the code that wrote it",
    "order-twice": CODE,
    "order-after-end": CODE,
    "order-sums": CODE,
    "order-without-hold": CODE,
    "order-not-noted": CONSUMER,
    "hold-unasked": CODE,
    "hold-twice": CODE,
    "hold-combined": CODE,
    "hold-robbed": CODE,
    "hold-open": "look at checkout's timers and at the consumers of this service",
    "release-without-hold": CODE,
    "redeemed-twice": CODE,
    "redeemed-without-hold": CODE,
    "redemption-missing": CONSUMER,
    "redemption-unfounded": CODE,
    "redemption-differs": CODE,
    "return-missing": CONSUMER,
    "return-unfounded": CODE,
    "discount-wrong": CODE,
    "limit-exceeded": CODE,
    "use-miscounted": CODE,
    "voucher-missing": CONSUMER,
    "voucher-twice": CODE,
    "voucher-unfounded": CODE,
    "claw-back-missing": CONSUMER,
    "claw-back-unfounded": CODE,
    "points-missing": CONSUMER,
    "points-twice": CODE,
    "points-wrong": CODE,
    "points-unfounded": CODE,
    "points-pending": CODE,
    "reward-wrong": CODE,
    "balance-wrong": CODE,
    "lot-unknown": CODE,
    "lot-overdrawn": CODE,
    "view-missing": REBUILD,
    "view-differs": REBUILD,
    "view-stale": REBUILD,
    "view-foreign": REBUILD,
    "client-line": "mend the file, or the program that writes it",
    "client-order-missing": "an acknowledged order is lost: stop taking orders and find out when",
    "client-order-differs": CODE,
    "client-order-refused": CODE,
    "client-order-doubled": CODE,
}
