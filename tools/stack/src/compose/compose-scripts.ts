import { ALL_TOPICS } from '@sluice/messages';
import { PARTITIONS, SERVICE_NAMES, specOf } from '../services.js';

/** Databases whose tables belong to a login that only migrates. */
export const OWNERS = SERVICE_NAMES.flatMap((name) => {
  const { database, owner } = specOf(name);
  return owner === undefined ? [] : [{ database, owner }];
});

/** The variable with the password of an owner. */
export function passwordVariable(owner: string): string {
  return `${owner.toUpperCase()}_PASSWORD`;
}

export function databasesScript(): string {
  const names = SERVICE_NAMES.map((name) => specOf(name).database).join(' ');
  return `#!/bin/sh
# Written by \`nx run stack:compose\` from the tables of tools/stack/src: change those.
# Run once by the postgres image on an empty volume: one database and one login role per service, closed to all others.
set -eu
for name in ${names}; do
  psql --set ON_ERROR_STOP=1 --username "$POSTGRES_USER" --set name="$name" --set password="$POSTGRES_PASSWORD" <<'SQL'
CREATE ROLE :"name" LOGIN PASSWORD :'password';
CREATE DATABASE :"name" OWNER :"name";
REVOKE ALL ON DATABASE :"name" FROM PUBLIC;
SQL
done
${OWNERS.map(ownerPart).join('')}`;
}

function ownerPart({ database, owner }: (typeof OWNERS)[number]): string {
  return `
# These tables belong to a login that only migrates; the one that runs has no more rights than it is granted.
psql --set ON_ERROR_STOP=1 --username "$POSTGRES_USER" --set password="$${passwordVariable(owner)}" <<'SQL'
CREATE ROLE ${owner} LOGIN PASSWORD :'password';
ALTER DATABASE ${database} OWNER TO ${owner};
GRANT CONNECT ON DATABASE ${database} TO ${database};
SQL
`;
}

export function topicsScript(): string {
  const names = ALL_TOPICS.map(({ name }) => name).join(' ');
  return `#!/bin/sh
# Written by \`nx run stack:compose\` from the topics of libs/messages: change those.
# Creates the topics that are missing; the broker creates none by itself.
set -eu
for topic in ${names}; do
  /opt/kafka/bin/kafka-topics.sh --bootstrap-server kafka:9092 --create --if-not-exists --partitions ${PARTITIONS} --topic "$topic"
done
`;
}
