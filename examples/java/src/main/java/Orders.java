import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** Sums up the orders of each dealer. See ../../docs/consuming.md for the rules. */
public final class Orders {
    private static final String TOPIC = "checkout";
    private static final ObjectMapper JSON = new ObjectMapper();

    /** Orders that stand, and their net value in cents. */
    record Sums(long orders, long net_cents) {
        Sums plus(long moreOrders, long moreCents) {
            return new Sums(orders + moreOrders, net_cents + moreCents);
        }
    }

    /** The last position of each partition of each log. */
    private final Map<String, Long> done = new HashMap<>();

    private final Map<String, Sums> dealers = new TreeMap<>();

    private void take(ConsumerRecord<byte[], byte[]> record) throws java.io.IOException {
        String[] sequence = header(record, "ce_sequence").split("\\.");
        String lane = header(record, "ce_source") + "/" + sequence[0];
        long position = Long.parseLong(sequence[1]);
        if (position <= done.getOrDefault(lane, 0L)) {
            return; // sent again
        }
        done.put(lane, position);
        String type = header(record, "ce_type");
        int sign =
                switch (type) {
                    case "order-placed" -> 1;
                    case "order-cancelled", "order-returned" -> -1;
                    default -> 0;
                };
        if (sign == 0) {
            return;
        }
        JsonNode event = JSON.readTree(record.value());
        boolean counts = !type.equals("order-returned") || event.path("is_cancellation").asBoolean();
        long cents = sign * event.get("net_cents").asLong();
        dealers.merge(
                event.get("dealer").asText(),
                new Sums(counts ? sign : 0, cents),
                (before, more) -> before.plus(more.orders(), more.net_cents()));
    }

    private static String header(ConsumerRecord<byte[], byte[]> record, String name) {
        return new String(record.headers().lastHeader(name).value(), StandardCharsets.UTF_8);
    }

    private void run(String address, boolean once) throws java.io.IOException {
        Properties settings = new Properties();
        settings.put("bootstrap.servers", address);
        settings.put("group.id", "example.java." + ProcessHandle.current().pid());
        settings.put("auto.offset.reset", "earliest");
        var bytes = new ByteArrayDeserializer();
        try (var consumer = new KafkaConsumer<>(settings, bytes, bytes)) {
            List<TopicPartition> parts =
                    consumer.partitionsFor(TOPIC).stream()
                            .map(part -> new TopicPartition(TOPIC, part.partition()))
                            .toList();
            Map<TopicPartition, Long> unread = new HashMap<>(consumer.endOffsets(parts));
            unread.values().removeIf(end -> end == 0);
            consumer.subscribe(List.of(TOPIC));
            while (!once || !unread.isEmpty()) {
                for (var record : consumer.poll(Duration.ofMillis(500))) {
                    take(record);
                    var part = new TopicPartition(record.topic(), record.partition());
                    if (unread.containsKey(part) && record.offset() + 1 >= unread.get(part)) {
                        unread.remove(part);
                    }
                }
            }
        }
        System.out.println(JSON.writeValueAsString(dealers));
    }

    public static void main(String[] arguments) throws java.io.IOException {
        String address = System.getenv().getOrDefault("KAFKA", "127.0.0.1:9092");
        new Orders().run(address, System.getenv("ONCE") != null);
    }
}
