import { LOGIN_LIMITS } from '@sluice/test-servers';
import { SERVICE_NAMES, ownerOf, specOf, type ServiceName } from '../tables/services.js';
import {
  CHAINS_CONTAINER,
  CHAINS_HOME,
  CHAINS_PORT,
  CHAIN_PORTS,
  WALLET_KEY_VARIABLES,
} from '../chains/composed-chains.js';
import { layoutOf } from '../layout/layout.js';

export type Lines = readonly string[];

const HINT = 'run node tools/stack/compose/write-env.mjs and use --env-file .sluice/compose.env';

/** Health check of a container by a request from the container itself. */
export function healthLines(url: string): Lines {
  const ready = `fetch('${url}').then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))`;
  return [
    '  healthcheck:',
    '    <<: *ready',
    '    test:',
    '      [',
    ...['CMD', 'node', '-e', `"${ready}"`].map((word) => `        ${word},`),
    '      ]',
  ];
}

export function line(variable: string, value: string): string {
  return `  ${variable}: ${value}`;
}

/** Single quotes where YAML would otherwise read a number, a truth value, a comment or an anchor. */
export function quoted(text: string): string {
  return /^[A-Za-z0-9][\w.:/-]*$/.test(text) && !/^(\d+|true|false)$/.test(text)
    ? text
    : `'${text.replaceAll("'", "''")}'`;
}

export function required(variable: string): string {
  return `\${${variable}:?${HINT}}`;
}

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

/**
 * Health check of PostgreSQL in its container: the server answers, and every database exists. A
 * missing database is reported once in the container's log, with the remedy.
 */
export function databasesCheck(): string {
  const names = SERVICE_NAMES.map((name) => `'${specOf(name).database}'`);
  return `pg_isready --quiet --host 127.0.0.1 --username postgres || exit 1
found=$(psql --username postgres --no-align --tuples-only --command "SELECT count(*) FROM pg_database WHERE datname IN (${names.join(', ')})")
[ "$found" = ${names.length} ] && exit 0
[ -e /tmp/reported ] || echo "PostgreSQL has $found of the ${names.length} databases: the first start on this volume was interrupted, could not run tools/stack/compose/databases.sh, or was of an older version. Delete the volumes with docker compose down --volumes, and start again" > ${LOG}
touch /tmp/reported
exit 1`;
}

/** Standard error of the container's first process. */
const LOG = '/proc/1/fd/2';

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

/** Folder of the chain settings and of the wallet's sealed keys; only the signer can open the keys. */
export const KEYS = `${CHAINS_HOME}/keys`;

export function readsWallet(name: ServiceName): boolean {
  const { readsChains = false, auditsVenues = false } = specOf(name);
  return readsChains || auditsVenues;
}

/** Chain settings of a service, and the key store of the signer. */
export function walletLines(name: ServiceName): Lines {
  const { readsChains, auditsVenues, keepsWalletKeys } = specOf(name);
  const layout = layoutOf(CHAINS_HOME);
  return [
    ...(readsChains ? [line('EVM_CHAINS_FILE', layout.chainsFor(name))] : []),
    ...(auditsVenues ? [line('AUDITOR_EVM_CHAINS_FILE', layout.chainsFor(name))] : []),
    ...(keepsWalletKeys
      ? [
          line('SIGNER_KEY_STORE', 'file'),
          line('SIGNER_KEYS_FILE', layout.walletKeys),
          line('SIGNER_KEYS_KEK', required('SIGNER_KEYS_KEK')),
        ]
      : []),
  ];
}

/** The local chains of the wallet. The image is the build stage with its programs and packages. */
export function chainsContainer(): Lines {
  const ports = [...Object.values(CHAIN_PORTS), CHAINS_PORT];
  const variables = [...WALLET_KEY_VARIABLES, 'SIGNER_KEYS_KEK'];
  return [
    `${CHAINS_CONTAINER}:`,
    '  <<: *service',
    `  image: \${IMAGE_PREFIX:-}sluice-${CHAINS_CONTAINER}:\${IMAGE_TAG:-compose}`,
    `  build: { context: ., args: { NODE_IMAGE: *node }, target: ${CHAINS_CONTAINER} }`,
    '  init: true',
    '  environment:',
    ...variables.map((variable) => `  ${line(variable, required(variable))}`),
    '  tmpfs: [/tmp]',
    '  volumes:',
    `    - wallet:${KEYS}`,
    `    - chains:${CHAINS_HOME}/chains`,
    `  ports: [${ports.map((port) => `'127.0.0.1:${port}:${port}'`).join(', ')}]`,
    ...healthLines(`http://127.0.0.1:${CHAINS_PORT}/`),
  ];
}
