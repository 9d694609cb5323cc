// Sums up the orders of each dealer. See ../../docs/consuming.md for the rules.
package main

import (
	"context"
	"encoding/json"
	"fmt"
	"log"
	"os"
	"strconv"
	"strings"

	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kgo"
)

const topic = "checkout"

type order struct {
	Dealer         string `json:"dealer"`
	NetCents       int64  `json:"net_cents"`
	IsCancellation bool   `json:"is_cancellation"`
}

type sums struct {
	Orders   int64 `json:"orders"`
	NetCents int64 `json:"net_cents"`
}

// orders keeps, besides the sums, the last position of each partition of each log.
type orders struct {
	done    map[string]int64
	dealers map[string]*sums
}

func (all *orders) take(record *kgo.Record) error {
	headers := map[string]string{}
	for _, header := range record.Headers {
		headers[header.Key] = string(header.Value)
	}
	part, text, _ := strings.Cut(headers["ce_sequence"], ".")
	position, err := strconv.ParseInt(text, 10, 64)
	if err != nil {
		return err
	}
	lane := headers["ce_source"] + "/" + part
	if position <= all.done[lane] { // sent again
		return nil
	}
	all.done[lane] = position
	var sign int64
	switch headers["ce_type"] {
	case "order-placed":
		sign = 1
	case "order-cancelled", "order-returned":
		sign = -1
	default:
		return nil
	}
	var event order
	if err := json.Unmarshal(record.Value, &event); err != nil {
		return err
	}
	if all.dealers[event.Dealer] == nil {
		all.dealers[event.Dealer] = &sums{}
	}
	found := all.dealers[event.Dealer]
	found.NetCents += sign * event.NetCents
	if headers["ce_type"] != "order-returned" || event.IsCancellation {
		found.Orders += sign
	}
	return nil
}

func run(ctx context.Context, address string, once bool) error {
	client, err := kgo.NewClient(
		kgo.SeedBrokers(address),
		kgo.ConsumeTopics(topic),
		kgo.ConsumerGroup(fmt.Sprintf("example.go.%d", os.Getpid())),
		kgo.ConsumeResetOffset(kgo.NewOffset().AtStart()),
	)
	if err != nil {
		return err
	}
	defer client.Close()
	ends, err := kadm.NewClient(client).ListEndOffsets(ctx, topic)
	if err != nil {
		return err
	}
	unread := map[int32]int64{}
	ends.Each(func(end kadm.ListedOffset) {
		if end.Offset > 0 {
			unread[end.Partition] = end.Offset
		}
	})
	all := orders{map[string]int64{}, map[string]*sums{}}
	for !once || len(unread) > 0 {
		fetches := client.PollFetches(ctx)
		if errs := fetches.Errors(); len(errs) > 0 {
			return errs[0].Err
		}
		for iterator := fetches.RecordIter(); !iterator.Done(); {
			record := iterator.Next()
			if err := all.take(record); err != nil {
				return err
			}
			if record.Offset+1 >= unread[record.Partition] {
				delete(unread, record.Partition)
			}
		}
	}
	return json.NewEncoder(os.Stdout).Encode(all.dealers)
}

func main() {
	address := os.Getenv("KAFKA")
	if address == "" {
		address = "127.0.0.1:9092"
	}
	if err := run(context.Background(), address, os.Getenv("ONCE") != ""); err != nil {
		log.Fatal(err)
	}
}
