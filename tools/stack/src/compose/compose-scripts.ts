import { ALL_TOPICS } from '@sluice/messages';
import { LOGIN_LIMITS, type KafkaRights } from '@sluice/test-servers';
import { ADMIN, KAFKA_RIGHTS } from '../tables/kafka-logins.js';
import {
  ownerOf,
  PARTITIONS,
  SERVICE_NAMES,
  specOf,
  type ServiceName,
} from '../tables/services.js';

/** Returns the name of the variable with a login's password. */
export function passwordVariable(login: string): string {
  return `${login.toUpperCase()}_PASSWORD`;
}

/** Logins of the composed services' databases, each with a separate password. */
export const COMPOSED_LOGINS = SERVICE_NAMES.flatMap((name) => [
  specOf(name).database,
  ownerOf(name),
]);

export function databasesScript(): string {
  return `#!/bin/sh
# Written by \`nx run stack:compose\` from the tables of tools/stack/src; change the tables.
# Run once by the postgres image on an empty volume: creates a database for each service, with a login for the owner and a login for the service.
set -eu
create() {
  psql --set ON_ERROR_STOP=1 --username "$POSTGRES_USER" --set name="$1" --set password="$2" --set owner="$1_owner" --set owner_password="$3" <<'SQL'
CREATE ROLE :"owner" LOGIN PASSWORD :'owner_password';
${limitsOf(':"owner"', LOGIN_LIMITS.owner)}
CREATE ROLE :"name" LOGIN PASSWORD :'password';
${limitsOf(':"name"', LOGIN_LIMITS.service)}
CREATE DATABASE :"name" OWNER :"owner";
REVOKE ALL ON DATABASE :"name" FROM PUBLIC;
GRANT CONNECT ON DATABASE :"name" TO :"name";
SQL
}
${SERVICE_NAMES.map(createLine).join('\n')}
`;
}

function createLine(name: ServiceName): string {
  const { database } = specOf(name);
  const [own, owners] = [passwordVariable(database), passwordVariable(ownerOf(name))];
  return `create ${database} "$${own}" "$${owners}"`;
}

function limitsOf(login: string, limits: Readonly<Record<string, string>>): string {
  return Object.entries(limits)
    .map(([setting, value]) => `ALTER ROLE ${login} SET ${setting} = '${value}';`)
    .join('\n');
}

/** The variable with the password of a login at Kafka. */
export function kafkaPasswordVariable(login: string): string {
  return `${login.toUpperCase().replaceAll('-', '_')}_KAFKA_PASSWORD`;
}

export function topicsScript(): string {
  const names = ALL_TOPICS.map(({ name }) => name).join(' ');
  return `#!/bin/sh
# Written by \`nx run stack:compose\` from the topics of libs/messages; change the topics there.
# Creates missing topics, because the broker creates no topic by itself, and gives each service a login with its own rights.
# In a cluster: KAFKA_ADMIN_CONFIG names a file of properties, /logins contains a file with the password of each login to create, and
# REPLICATION_FACTOR and TOPIC_CONFIG (min.insync.replicas=2,retention.ms=…) configure topics. Only connectors listed in CONNECTORS get logins
# and rights (default: all connectors). The script may be repeated.
set -eu
umask 077
if [ -z "\${KAFKA_ADMIN_CONFIG:-}" ]; then
  KAFKA_ADMIN_CONFIG=/tmp/admin.properties
  cat >$KAFKA_ADMIN_CONFIG <<END
security.protocol=SASL_PLAINTEXT
sasl.mechanism=PLAIN
sasl.jaas.config=org.apache.kafka.common.security.plain.PlainLoginModule required username="${ADMIN}" password="$KAFKA_ADMIN_PASSWORD";
END
fi
ask() {
  tool=$1
  shift
  "/opt/kafka/bin/kafka-$tool.sh" --bootstrap-server "\${KAFKA_BROKERS:-kafka:9092}" --command-config "$KAFKA_ADMIN_CONFIG" "$@"
}
is_here() {
  case $1 in
    connector-*) case " \${CONNECTORS-$1} " in *" $1 "*) ;; *) return 1 ;; esac ;;
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

for topic in ${names}; do
  ask topics --create --if-not-exists --partitions "\${PARTITIONS:-${PARTITIONS}}" \${REPLICATION_FACTOR:+--replication-factor "$REPLICATION_FACTOR"} --topic "$topic"
  [ -z "\${TOPIC_CONFIG:-}" ] || ask configs --alter --entity-type topics --entity-name "$topic" --add-config "$TOPIC_CONFIG"
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
login ${username} "\${${kafkaPasswordVariable(username)}-}"
${writes.length > 0 ? `may ${username} Write${topics(writes)}\n` : ''}may ${username} Read${topics(reads)}${own}
${prefixed}`;
}
