#!/bin/sh
# Written by `nx run stack:compose` from the tables of tools/stack/src: change those.
# Run once by the postgres image on an empty volume: one database and one login role per service, closed to all others.
set -eu
for name in intake ledger connector_gateio connector_bitmart connector_bybit connector_upvest; do
  psql --set ON_ERROR_STOP=1 --username "$POSTGRES_USER" --set name="$name" --set password="$POSTGRES_PASSWORD" <<'SQL'
CREATE ROLE :"name" LOGIN PASSWORD :'password';
CREATE DATABASE :"name" OWNER :"name";
REVOKE ALL ON DATABASE :"name" FROM PUBLIC;
SQL
done

# These tables belong to a login that only migrates; the one that runs has no more rights than it is granted.
psql --set ON_ERROR_STOP=1 --username "$POSTGRES_USER" --set password="$LEDGER_OWNER_PASSWORD" <<'SQL'
CREATE ROLE ledger_owner LOGIN PASSWORD :'password';
ALTER DATABASE ledger OWNER TO ledger_owner;
GRANT CONNECT ON DATABASE ledger TO ledger;
SQL
