#!/bin/sh
# Written by `nx run stack:compose` from the topics of libs/messages: change those.
# Creates the topics that are missing, for the broker creates none by itself, and gives each service a login with its own rights.
set -eu
umask 077
cat >/tmp/admin.properties <<END
security.protocol=SASL_PLAINTEXT
sasl.mechanism=PLAIN
sasl.jaas.config=org.apache.kafka.common.security.plain.PlainLoginModule required username="admin" password="$KAFKA_ADMIN_PASSWORD";
END
ask() {
  tool=$1
  shift
  "/opt/kafka/bin/kafka-$tool.sh" --bootstrap-server kafka:9092 --command-config /tmp/admin.properties "$@"
}
login() {
  echo "SCRAM-SHA-512=password=$2" >/tmp/login.properties
  ask configs --alter --entity-type users --entity-name "$1" --add-config-file /tmp/login.properties
}
may() {
  user=$1
  operation=$2
  shift 2
  ask acls --add --allow-principal "User:$user" --operation "$operation" "$@"
}

for topic in ledger.commands ledger.events ledger.chain-heads venue.bitmart.commands venue.bybit.commands venue.gateio.commands venue.upvest.commands venue.bitmart.events venue.bybit.events venue.gateio.events venue.upvest.events withdrawal.events; do
  ask topics --create --if-not-exists --partitions 6 --topic "$topic"
done

login intake-api "$INTAKE_API_KAFKA_PASSWORD"
may intake-api Write --topic ledger.commands --topic venue.bitmart.commands --topic venue.bybit.commands --topic venue.gateio.commands --topic venue.upvest.commands --topic withdrawal.events
may intake-api Read --topic ledger.events --topic venue.bitmart.events --topic venue.bybit.events --topic venue.gateio.events --topic venue.upvest.events --group intake-api

login ledger "$LEDGER_KAFKA_PASSWORD"
may ledger Write --topic ledger.events --topic ledger.chain-heads
may ledger Read --topic ledger.commands --group ledger

login connector-gateio "$CONNECTOR_GATEIO_KAFKA_PASSWORD"
may connector-gateio Write --topic venue.gateio.events
may connector-gateio Read --topic venue.gateio.commands --group connector-gateio

login connector-bitmart "$CONNECTOR_BITMART_KAFKA_PASSWORD"
may connector-bitmart Write --topic venue.bitmart.events
may connector-bitmart Read --topic venue.bitmart.commands --group connector-bitmart

login connector-bybit "$CONNECTOR_BYBIT_KAFKA_PASSWORD"
may connector-bybit Write --topic venue.bybit.events
may connector-bybit Read --topic venue.bybit.commands --group connector-bybit

login connector-upvest "$CONNECTOR_UPVEST_KAFKA_PASSWORD"
may connector-upvest Write --topic venue.upvest.events
may connector-upvest Read --topic venue.upvest.commands --group connector-upvest

login downstream "$DOWNSTREAM_KAFKA_PASSWORD"
may downstream Read --topic ledger.chain-heads --topic withdrawal.events
may downstream Read --group downstream- --resource-pattern-type prefixed
