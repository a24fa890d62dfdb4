#!/bin/sh
# Written by `nx run stack:compose` from the tables of tools/stack/src; change the tables.
# Run once by the postgres image on an empty volume: creates a database for each service, with a login for the owner and a login for the service.
set -eu
create() {
  psql --set ON_ERROR_STOP=1 --username "$POSTGRES_USER" --set name="$1" --set password="$2" --set owner="$1_owner" --set owner_password="$3" <<'SQL'
CREATE ROLE :"owner" LOGIN PASSWORD :'owner_password';
ALTER ROLE :"owner" SET statement_timeout = '15min';
ALTER ROLE :"owner" SET lock_timeout = '5s';
ALTER ROLE :"owner" SET idle_in_transaction_session_timeout = '60s';
CREATE ROLE :"name" LOGIN PASSWORD :'password';
ALTER ROLE :"name" SET statement_timeout = '30s';
ALTER ROLE :"name" SET lock_timeout = '10s';
ALTER ROLE :"name" SET idle_in_transaction_session_timeout = '60s';
CREATE DATABASE :"name" OWNER :"owner";
REVOKE ALL ON DATABASE :"name" FROM PUBLIC;
GRANT CONNECT ON DATABASE :"name" TO :"name";
SQL
}
create intake "$INTAKE_PASSWORD" "$INTAKE_OWNER_PASSWORD"
create ledger "$LEDGER_PASSWORD" "$LEDGER_OWNER_PASSWORD"
create webhooks "$WEBHOOKS_PASSWORD" "$WEBHOOKS_OWNER_PASSWORD"
create signer "$SIGNER_PASSWORD" "$SIGNER_OWNER_PASSWORD"
create auditor "$AUDITOR_PASSWORD" "$AUDITOR_OWNER_PASSWORD"
create console "$CONSOLE_PASSWORD" "$CONSOLE_OWNER_PASSWORD"
create connector_gateio "$CONNECTOR_GATEIO_PASSWORD" "$CONNECTOR_GATEIO_OWNER_PASSWORD"
create connector_bitmart "$CONNECTOR_BITMART_PASSWORD" "$CONNECTOR_BITMART_OWNER_PASSWORD"
create connector_bybit "$CONNECTOR_BYBIT_PASSWORD" "$CONNECTOR_BYBIT_OWNER_PASSWORD"
create connector_upvest "$CONNECTOR_UPVEST_PASSWORD" "$CONNECTOR_UPVEST_OWNER_PASSWORD"
create connector_evm "$CONNECTOR_EVM_PASSWORD" "$CONNECTOR_EVM_OWNER_PASSWORD"
