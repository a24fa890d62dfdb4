import {
  calledBy,
  callersOf,
  CALLING_NAMES,
  CONSOLE,
  coreWith,
  ownerOf,
  SERVICE_NAMES,
  settingsOf,
  specOf,
  type ServiceName,
} from '../tables/services.js';
import { LOGIN_NAMES, messageKeysOf, type KeyPair } from '../tables/credentials.js';
import {
  connectorOf,
  SIMULATED_NAMES,
  simulatedOf,
  VENUE_NAMES,
  type SimulatedName,
} from '../tables/venues.js';
import { WALLET } from '@sluice/messages';
import { CONSOLE_CLIENT, passkeySettings } from '../system/service-environment.js';
import { CHAINS_CONTAINER } from '../chains/composed-chains.js';
import {
  COMPOSED_LOGINS,
  KEYS,
  chainsContainer,
  databasesCheck,
  healthLines,
  kafkaPasswordVariable,
  line,
  passwordVariable,
  quoted,
  readsWallet,
  required,
  walletLines,
  type Lines,
} from './compose-parts.js';

const PORT = 8080;
const INTERNAL_PORT = 8081;
export const SIMULATOR_MACHINE_PORT = 8090;
export const ISSUER_MACHINE_PORT = 8079;
/** The console as browsers of this machine see it. */
export const CONSOLE_MACHINE_URL = `http://localhost:${specOf(CONSOLE).machinePort}`;
const LAST_VENUE = SIMULATED_NAMES.length - 1;

/**
 * Returns docker-compose.yml. The placeholders of the template are replaced by the passwords of all
 * logins, and by a container and a migration job for every service.
 */
export function composeFile(template: string): string {
  const passwords = COMPOSED_LOGINS.map((login) =>
    line(passwordVariable(login), required(passwordVariable(login))),
  );
  const services = [
    simulatorContainer(),
    chainsContainer(),
    ...SERVICE_NAMES.map(migrateContainer),
    ...coreWith(VENUE_NAMES, true).map((name) => container(name)),
    ...SIMULATED_NAMES.map(connectorContainer),
    container(connectorOf(WALLET)),
  ];
  const blocks = services.map((lines) => lines.map((text) => `  ${text}`).join('\n'));
  const logins = LOGIN_NAMES.map(kafkaPasswordVariable).map((name) => line(name, required(name)));
  return template
    .replace('      # logins', () => logins.map((text) => `    ${text}`).join('\n'))
    .replace('      # passwords', () => passwords.map((text) => `    ${text}`).join('\n'))
    .replace('          # databases', () => indented(databasesCheck(), 10))
    .replace('  # services', () => blocks.join('\n\n'));
}

/** A shell script inside the file, where a dollar sign is written twice. */
function indented(script: string, columns: number): string {
  const lines = script.replaceAll('$', '$$$$').split('\n');
  return lines.map((text) => `${' '.repeat(columns)}${text}`).join('\n');
}

/** Job migrating a service's database; only the job has the owner's login. */
function migrateContainer(name: ServiceName): Lines {
  return [
    `migrate-${name}:`,
    '  <<: *job',
    ...imageLines(name),
    '  environment:',
    // Development mode like the services, because production accepts the owner's login only from a
    // file.
    `  ${line('NODE_ENV', 'development')}`,
    `  ${line('DATABASE_OWNER_URL', databaseUrl(name, ownerOf(name)))}`,
    `  ${line('DATABASE_LOGIN', specOf(name).database)}`,
  ];
}

/** Image of an app: built locally, by `npm run images`, or any other image of the same name. */
function imageLines(app: string, target = ''): Lines {
  return [
    `  image: \${IMAGE_PREFIX:-}sluice-${app}:\${IMAGE_TAG:-compose}`,
    `  build: { context: ., args: { APP: ${app}, NODE_IMAGE: *node }${target} }`,
  ];
}

function container(name: ServiceName, own: Lines = [], waitsFor: Lines = []): Lines {
  const { isPublic, machinePort, isolated } = specOf(name);
  const volumes = readsWallet(name) ? ['  volumes:', `    - wallet:${KEYS}:ro`] : [];
  const chains = readsWallet(name) ? [`${CHAINS_CONTAINER}: { condition: service_healthy }`] : [];
  return [
    `${name}:`,
    '  <<: *service',
    ...imageLines(name),
    '  environment:',
    '    <<: *environment',
    ...[
      databaseLine(name),
      ...(isolated ? [] : kafkaLines(name)),
      keysLine(name),
      auditKeyLine(name),
      ...tableLines(name),
      ...own,
    ].map((text) => `  ${text}`),
    ...(isPublic
      ? [
          '  # Both APIs for this machine only.',
          `  ports: ['127.0.0.1:${machinePort}:${PORT}', '127.0.0.1:${machinePort + 1}:${INTERNAL_PORT}']`,
        ]
      : [`  ports: ['127.0.0.1:${machinePort}:${PORT}']`]),
    ...volumes,
    '  depends_on:',
    '    <<: *waits',
    `    migrate-${name}: { condition: service_completed_successfully }`,
    ...[...chains, ...waitsFor].map((text) => `    ${text}`),
  ];
}

function auditKeyLine(name: ServiceName): string {
  const variable = `AUDIT_KEY_${name.replaceAll('-', '_').toUpperCase()}`;
  return line('AUDIT_KEY', quoted(`1 ${required(variable)}`));
}

function databaseLine(name: ServiceName): string {
  return line('DATABASE_URL', databaseUrl(name, specOf(name).database));
}

function databaseUrl(name: ServiceName, login: string): string {
  return `postgres://${login}:\${${passwordVariable(login)}}@postgres:5432/${specOf(name).database}`;
}

/**
 * Returns the message keys of a service. Each key is a separate variable, to give both services of
 * a pair the same key.
 */
function keysLine(name: ServiceName): string {
  const keys = messageKeysOf(name, (pair) => required(pairVariable(pair)), SERVICE_NAMES);
  return line('MESSAGE_KEYS', `'${JSON.stringify(keys)}'`);
}

function pairVariable(pair: KeyPair): string {
  return `KEY_${pair.toUpperCase().replace('~', '__').replaceAll('-', '_')}`;
}

function kafkaLines(name: ServiceName): Lines {
  return [
    line('KAFKA_BROKERS', 'kafka:9092'),
    line('KAFKA_USERNAME', name),
    line('KAFKA_PASSWORD', required(kafkaPasswordVariable(name))),
  ];
}

/** Returns the environment lines specific to a service, from the table of services. */
function tableLines(name: ServiceName): Lines {
  const { isPublic, verifiesEvents, needsPermits, secrets = {}, auditsVenues } = specOf(name);
  const { callsAll, keepsPasskeys } = specOf(name);
  const called = calledBy(name, SERVICE_NAMES);
  return [
    ...(isPublic ? [line('INTERNAL_PORT', quoted(`${INTERNAL_PORT}`))] : []),
    ...credentialLines(name),
    ...(auditsVenues ? SIMULATED_NAMES.flatMap(auditLines) : []),
    ...walletLines(name),
    ...(callsAll ? consoleLines() : []),
    ...(keepsPasskeys ? linesOf(passkeySettings(CONSOLE_MACHINE_URL)) : []),
    ...Object.entries(called).map(([variable, other]) => line(variable, adminUrlOf(other))),
    ...Object.entries(secrets).map(([variable, secret]) =>
      line(variable, required(secretVariable(secret))),
    ),
    ...(verifiesEvents ? [line('EVENTS_PUBLIC_KEYS', required('EVENTS_PUBLIC_KEY'))] : []),
    ...(needsPermits ? [line('AUDITOR_PUBLIC_KEYS', required('AUDITOR_PUBLIC_KEY'))] : []),
    ...linesOf(settingsOf(name)),
  ];
}

function linesOf(settings: Readonly<Record<string, string>>): Lines {
  return Object.entries(settings).map(([variable, value]) => line(variable, quoted(value)));
}

/** The console's place, its client at the issuer, and the admin APIs of all services. */
function consoleLines(): Lines {
  const others = SERVICE_NAMES.filter((name) => name !== CONSOLE);
  const services = Object.fromEntries(others.map((name) => [name, adminUrlOf(name)]));
  return [
    ...linesOf({
      CONSOLE_URL: CONSOLE_MACHINE_URL,
      OIDC_CLIENT_ID: CONSOLE_CLIENT,
      SERVICES: JSON.stringify(services),
    }),
    line('OIDC_CLIENT_SECRET', required('OIDC_CLIENT_SECRET')),
  ];
}

/**
 * Returns the variable of a stack secret in the caller's environment: `SECRETS_KEK` for
 * `secretsKek`. The name comes from the secret, because two services may use the same variable name
 * for different secrets.
 */
function secretVariable(secret: string): string {
  return secret.replaceAll(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase();
}

/** The auditor's fixed key at a simulated venue. */
function auditLines(venue: SimulatedName): Lines {
  const { audit } = simulatedOf(venue);
  if (audit === undefined) return [];
  return [
    line(audit.address, quoted(simulatorUrl(venue))),
    ...Object.entries(audit.keys).map(([variable, value]) => line(variable, quoted(value))),
  ];
}

function simulatorUrl(venue: SimulatedName): string {
  const port = PORT + SIMULATED_NAMES.indexOf(venue);
  return `http://venue-simulator:${port}${simulatedOf(venue).basePath ?? ''}`;
}

/** The service's signing key and the public keys of the callers. */
function credentialLines(name: ServiceName): Lines {
  const callers = callersOf(name).map(
    (caller) => `"${caller}":[${required(keyVariable(caller, 'PUBLIC_KEY'))}]`,
  );
  return [
    ...(CALLING_NAMES.some((one) => one === name)
      ? [line('SERVICE_KEY', required(keyVariable(name, 'PRIVATE_KEY')))]
      : []),
    ...(callers.length > 0 ? [line('SERVICE_CALLERS', `'{${callers.join()}}'`)] : []),
  ];
}

function keyVariable(name: ServiceName, half: 'PRIVATE_KEY' | 'PUBLIC_KEY'): string {
  return `${name.replaceAll('-', '_').toUpperCase()}_${half}`;
}

function adminUrlOf(wanted: string): string {
  const service = SERVICE_NAMES.find((name) => name === wanted);
  return `http://${wanted}:${service && specOf(service).isPublic ? INTERNAL_PORT : PORT}`;
}

/**
 * Container of a connector. The keys are the simulators' fixed keys; confidential keys come from
 * the environment.
 */
function connectorContainer(venue: SimulatedName): Lines {
  const { credentials, simulatedKeys } = simulatedOf(venue);
  const given: Readonly<Record<string, string>> = {
    ...simulatedKeys,
    base_url: simulatorUrl(venue),
  };
  const access = Object.entries(credentials).map(([variable, field]) => {
    const value = given[field] ?? '';
    const secret = /^\$\{(\w+)\}$/.exec(value)?.[1];
    return line(variable, secret === undefined ? quoted(value) : required(secret));
  });
  return container(connectorOf(venue), access, ['venue-simulator: { condition: service_healthy }']);
}

function simulatorContainer(): Lines {
  const places = SIMULATED_NAMES.map(
    (venue, index) => `${simulatedOf(venue).title} on ${PORT + index}`,
  );
  const [first, last] = [SIMULATOR_MACHINE_PORT, SIMULATOR_MACHINE_PORT + LAST_VENUE];
  return [
    'venue-simulator:',
    '  <<: *service',
    ...imageLines('venue-simulator', ', target: alone'),
    `  # ${places.join(', ')}.`,
    `  command: [app/dist/main.js, all, --port, '${PORT}', --host, 0.0.0.0, --data, /data]`,
    '  environment:',
    '    NODE_ENV: production',
    '    LOG_LEVEL: info',
    '  volumes:',
    '    - simulator:/data',
    `  ports: ['127.0.0.1:${first}-${last}:${PORT}-${PORT + LAST_VENUE}']`,
    ...healthLines(`http://127.0.0.1:${PORT + LAST_VENUE}/_sim/credentials`),
  ];
}
