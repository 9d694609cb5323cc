// Sums up the orders of each dealer. See ../../docs/consuming.md for the rules.

import { Kafka, logLevel } from "kafkajs";

const TOPIC = "checkout";
const kafka = new Kafka({
  brokers: [process.env.KAFKA ?? "127.0.0.1:9092"],
  logLevel: logLevel.ERROR,
});

const done = new Map(); // the last position of each partition of each log
const dealers = new Map();

function take(headers, event) {
  const [part, position] = headers.ce_sequence.split(".").map(Number);
  const lane = `${headers.ce_source}/${part}`;
  if (position <= (done.get(lane) ?? 0)) return; // sent again
  done.set(lane, position);
  const sign = { "order-placed": 1, "order-cancelled": -1, "order-returned": -1 }[headers.ce_type];
  if (sign === undefined) return;
  const sums = dealers.get(event.dealer) ?? { orders: 0, net_cents: 0 };
  sums.net_cents += sign * event.net_cents;
  if (headers.ce_type !== "order-returned" || event.is_cancellation) sums.orders += sign;
  dealers.set(event.dealer, sums);
}

const admin = kafka.admin();
await admin.connect();
const ends = await admin.fetchTopicOffsets(TOPIC);
await admin.disconnect();
const unread = new Set(ends.filter((end) => Number(end.high) > 0).map((end) => end.partition));

const consumer = kafka.consumer({ groupId: `example.node.${process.pid}` });
await consumer.connect();
await consumer.subscribe({ topic: TOPIC, fromBeginning: true });

async function finish() {
  const sorted = [...dealers].sort(([one], [other]) => (one < other ? -1 : 1));
  console.log(JSON.stringify(Object.fromEntries(sorted)));
  await consumer.disconnect();
  process.exit(0);
}

if (process.env.ONCE && unread.size === 0) await finish();
await consumer.run({
  eachMessage: async ({ partition, message }) => {
    const headers = Object.fromEntries(
      Object.entries(message.headers).map(([name, value]) => [name, value.toString()]),
    );
    take(headers, JSON.parse(message.value.toString()));
    const end = ends.find((each) => each.partition === partition);
    if (Number(message.offset) + 1 >= Number(end.high)) unread.delete(partition);
    if (process.env.ONCE && unread.size === 0) setImmediate(finish);
  },
});
