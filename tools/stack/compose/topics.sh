#!/bin/sh
# Written by `nx run stack:compose` from the topics of libs/messages: change those.
# Creates the topics that are missing; the broker creates none by itself.
set -eu
for topic in ledger.commands ledger.events ledger.chain-heads venue.bitmart.commands venue.bybit.commands venue.gateio.commands venue.upvest.commands venue.bitmart.events venue.bybit.events venue.gateio.events venue.upvest.events withdrawal.events; do
  /opt/kafka/bin/kafka-topics.sh --bootstrap-server kafka:9092 --create --if-not-exists --partitions 6 --topic "$topic"
done
