#!/bin/sh
# Gives each process the rights it needs in Kafka: the sequencer writes, services read.
#
#   BOOTSTRAP=kafka.example:9093 COMMAND_CONFIG=admin.properties sh deploy/kafka-acls.sh
#
# Names are SASL users; those of certificates are given by NAME, such as NAME='CN=%s'. Repeatable.
# The brokers need an authorizer, and allow.everyone.if.no.acl.found=false.
# `SERVICE republish` and `SERVICE new-log` run as the sequencer's user, since they write and read
# like it.
set -eu
services="onboarding catalog-shops vouchers bonus checkout"
name=${NAME:-%s}

allow() { # USER, and what is allowed
  user=$1
  shift
  # shellcheck disable=SC2059
  ${KAFKA_ACLS:-kafka-acls.sh} --bootstrap-server "${BOOTSTRAP:?}" \
    ${COMMAND_CONFIG:+--command-config "$COMMAND_CONFIG"} \
    --add --allow-principal "User:$(printf "$name" "$user")" "$@"
}

for topic in $services; do
  allow sequencer --topic "$topic" --operation Write --operation Read --operation Describe
done
for service in $services; do
  # Its own topic is created by its deploy step, and has its settings checked.
  allow "$service" --topic "$service" --operation Create --operation Describe \
    --operation DescribeConfigs
  for topic in $services; do
    allow "$service" --topic "$topic" --operation Read --operation Describe
  done
  allow "$service" --group "$service" --resource-pattern-type prefixed --operation Read
done
