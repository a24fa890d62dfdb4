import { ALL_TOPICS } from '@sluice/messages';
import type { KafkaRights } from '@sluice/test-servers';
import { ADMIN, KAFKA_RIGHTS } from '../kafka-logins.js';
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

/** The variable with the password of a login at Kafka. */
export function kafkaPasswordVariable(login: string): string {
  return `${login.toUpperCase().replaceAll('-', '_')}_KAFKA_PASSWORD`;
}

export function topicsScript(): string {
  const names = ALL_TOPICS.map(({ name }) => name).join(' ');
  return `#!/bin/sh
# Written by \`nx run stack:compose\` from the topics of libs/messages: change those.
# Creates the topics that are missing, for the broker creates none by itself, and gives each service a login with its own rights.
set -eu
umask 077
cat >/tmp/admin.properties <<END
security.protocol=SASL_PLAINTEXT
sasl.mechanism=PLAIN
sasl.jaas.config=org.apache.kafka.common.security.plain.PlainLoginModule required username="${ADMIN}" password="$KAFKA_ADMIN_PASSWORD";
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

for topic in ${names}; do
  ask topics --create --if-not-exists --partitions ${PARTITIONS} --topic "$topic"
done
${KAFKA_RIGHTS.map(rightsPart).join('')}`;
}

function rightsPart({ username, writes, reads, group }: KafkaRights): string {
  const topics = (names: readonly string[]): string =>
    names.map((name) => ` --topic ${name}`).join('');
  const [own, prefixed] =
    'name' in group
      ? [` --group ${group.name}`, '']
      : ['', `may ${username} Read --group ${group.prefix} --resource-pattern-type prefixed\n`];
  return `
login ${username} "$${kafkaPasswordVariable(username)}"
${writes.length > 0 ? `may ${username} Write${topics(writes)}\n` : ''}may ${username} Read${topics(reads)}${own}
${prefixed}`;
}
