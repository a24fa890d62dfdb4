import { ALL_TOPICS } from '@sluice/messages';
import { LOGIN_LIMITS } from '@sluice/test-servers';
import { ownerOf, PARTITIONS, SERVICE_NAMES, specOf, type ServiceName } from '../services.js';

/** The variable with the password of a login. */
export function passwordVariable(login: string): string {
  return `${login.toUpperCase()}_PASSWORD`;
}

/** Every login of the services' databases, each with a password of its own. */
export const LOGINS = SERVICE_NAMES.flatMap((name) => [specOf(name).database, ownerOf(name)]);

export function databasesScript(): string {
  return `#!/bin/sh
# Written by \`nx run stack:compose\` from the tables of tools/stack/src: change those.
# Run once by the postgres image on an empty volume: for each service a database, a login that owns it and one that the service runs with.
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
