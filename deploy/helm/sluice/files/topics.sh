#!/bin/sh
# Written by `nx run stack:compose` from the topics of libs/messages; change the topics there.
# Creates missing topics, because the broker creates no topic by itself, and gives each service a login with its own rights.
# In a cluster: KAFKA_ADMIN_CONFIG names a file of properties, /logins contains a file with the password of each login to create, and
# REPLICATION_FACTOR and TOPIC_CONFIG (min.insync.replicas=2,retention.ms=…) configure topics. Only connectors listed in CONNECTORS get logins
# and rights (default: all connectors). The script may be repeated.
set -eu
umask 077
if [ -z "${KAFKA_ADMIN_CONFIG:-}" ]; then
  KAFKA_ADMIN_CONFIG=/tmp/admin.properties
  cat >$KAFKA_ADMIN_CONFIG <<END
security.protocol=SASL_PLAINTEXT
sasl.mechanism=PLAIN
sasl.jaas.config=org.apache.kafka.common.security.plain.PlainLoginModule required username="admin" password="$KAFKA_ADMIN_PASSWORD";
END
fi
ask() {
  tool=$1
  shift
  "/opt/kafka/bin/kafka-$tool.sh" --bootstrap-server "${KAFKA_BROKERS:-kafka:9092}" --command-config "$KAFKA_ADMIN_CONFIG" "$@"
}
is_here() {
  case $1 in
    connector-*) case " ${CONNECTORS-$1} " in *" $1 "*) ;; *) return 1 ;; esac ;;
  esac
}
login() {
  is_here "$1" || return 0
  password=$2
  [ ! -r "/logins/$1" ] || password=$(cat "/logins/$1")
  [ -n "$password" ] || return 0
  echo "SCRAM-SHA-512=password=$password" >/tmp/login.properties
  ask configs --alter --entity-type users --entity-name "$1" --add-config-file /tmp/login.properties
}
may() {
  is_here "$1" || return 0
  user=$1
  operation=$2
  shift 2
  ask acls --add --allow-principal "User:$user" --operation "$operation" "$@"
}

for topic in ledger.commands ledger.events ledger.chain-heads venue.bitmart.commands venue.bybit.commands venue.gateio.commands venue.upvest.commands venue.wallet.commands venue.bitmart.events venue.bybit.events venue.gateio.events venue.upvest.events venue.wallet.events auditor.permits audit.intake-api audit.ledger audit.connector-bitmart audit.connector-bybit audit.connector-gateio audit.connector-upvest audit.connector-evm withdrawal.events; do
  ask topics --create --if-not-exists --partitions "${PARTITIONS:-6}" ${REPLICATION_FACTOR:+--replication-factor "$REPLICATION_FACTOR"} --topic "$topic"
  [ -z "${TOPIC_CONFIG:-}" ] || ask configs --alter --entity-type topics --entity-name "$topic" --add-config "$TOPIC_CONFIG"
done

login intake-api "${INTAKE_API_KAFKA_PASSWORD-}"
may intake-api Write --topic ledger.commands --topic venue.bitmart.commands --topic venue.bybit.commands --topic venue.gateio.commands --topic venue.upvest.commands --topic venue.wallet.commands --topic audit.intake-api --topic withdrawal.events
may intake-api Read --topic ledger.commands --topic ledger.events --topic venue.bitmart.events --topic venue.bybit.events --topic venue.gateio.events --topic venue.upvest.events --topic venue.wallet.events --topic withdrawal.events --group intake-api

login ledger "${LEDGER_KAFKA_PASSWORD-}"
may ledger Write --topic ledger.events --topic ledger.chain-heads --topic audit.ledger
may ledger Read --topic ledger.commands --topic ledger.chain-heads --group ledger

login webhooks "${WEBHOOKS_KAFKA_PASSWORD-}"
may webhooks Read --topic withdrawal.events --group webhooks

login auditor "${AUDITOR_KAFKA_PASSWORD-}"
may auditor Write --topic auditor.permits
may auditor Read --topic ledger.events --topic ledger.chain-heads --topic venue.bitmart.commands --topic venue.bybit.commands --topic venue.gateio.commands --topic venue.upvest.commands --topic venue.wallet.commands --topic venue.bitmart.events --topic venue.bybit.events --topic venue.gateio.events --topic venue.upvest.events --topic venue.wallet.events --topic audit.intake-api --topic audit.ledger --topic audit.connector-bitmart --topic audit.connector-bybit --topic audit.connector-gateio --topic audit.connector-upvest --topic audit.connector-evm --group auditor

login connector-gateio "${CONNECTOR_GATEIO_KAFKA_PASSWORD-}"
may connector-gateio Write --topic venue.gateio.events --topic audit.connector-gateio
may connector-gateio Read --topic venue.gateio.commands --topic auditor.permits --group connector-gateio

login connector-bitmart "${CONNECTOR_BITMART_KAFKA_PASSWORD-}"
may connector-bitmart Write --topic venue.bitmart.events --topic audit.connector-bitmart
may connector-bitmart Read --topic venue.bitmart.commands --topic auditor.permits --group connector-bitmart

login connector-bybit "${CONNECTOR_BYBIT_KAFKA_PASSWORD-}"
may connector-bybit Write --topic venue.bybit.events --topic audit.connector-bybit
may connector-bybit Read --topic venue.bybit.commands --topic auditor.permits --group connector-bybit

login connector-upvest "${CONNECTOR_UPVEST_KAFKA_PASSWORD-}"
may connector-upvest Write --topic venue.upvest.events --topic audit.connector-upvest
may connector-upvest Read --topic venue.upvest.commands --topic auditor.permits --group connector-upvest

login connector-evm "${CONNECTOR_EVM_KAFKA_PASSWORD-}"
may connector-evm Write --topic venue.wallet.events --topic audit.connector-evm
may connector-evm Read --topic venue.wallet.commands --topic auditor.permits --group connector-evm

login downstream "${DOWNSTREAM_KAFKA_PASSWORD-}"
may downstream Read --topic ledger.chain-heads --topic auditor.permits --topic withdrawal.events
may downstream Read --group downstream- --resource-pattern-type prefixed
