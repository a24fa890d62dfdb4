import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'yaml';
import { readConfig } from '@sluice/runtime';
import { SERVICE_SETTINGS } from '@sluice/service-shell';
import { KAFKA_HEAP, POSTGRES_SETTINGS, workspaceRoot } from '@sluice/test-servers';
import { coreWith, ownerOf, SERVICE_NAMES } from '../tables/services.js';
import {
  CONSOLE_CLIENT,
  connectorEnvironment,
  serviceEnvironment,
  type SystemContext,
} from '../system/service-environment.js';
import { SERVICE_NODE_FLAGS } from '../system/service-process.js';
import { aSystemContext } from '../testkit/samples.js';
import { connectorOf, SIMULATED_NAMES, simulatedOf, VENUE_NAMES } from '../tables/venues.js';
import { composeFiles } from './compose-files.js';

interface ComposeService {
  readonly image?: string;
  readonly command?: readonly string[];
  readonly build?: { readonly args: { readonly APP?: string }; readonly target?: string };
  readonly environment?: Readonly<Record<string, string>>;
  readonly volumes?: readonly string[];
  readonly ports?: readonly string[];
  readonly healthcheck?: { readonly test: readonly string[] };
  readonly depends_on?: Readonly<Record<string, { readonly condition: string }>>;
}

const CONTEXT: SystemContext = aSystemContext();

const loginOf = (url = ''): string => /^postgres:\/\/([^:]+):/.exec(url)?.[1] ?? '';
const passwordOf = (url: string): string => /:\$\{(\w+)\}@/.exec(url)?.[1] ?? '';

/** Names of settings; the variable of a secret and the variable of its file count as the same setting. */
const variablesOf = (environment: object): string[] =>
  Object.keys(environment)
    .map((variable) => variable.replace(/_FILE$/, ''))
    .sort();

/** What can be checked of docker-compose.yml without an engine. */
describe('docker-compose.yml', () => {
  const text = readFileSync(join(workspaceRoot(), 'docker-compose.yml'), 'utf8');
  const { services, volumes } = parse(text, { merge: true }) as {
    services: Record<string, ComposeService>;
    volumes: Record<string, unknown>;
  };
  const variables = (service: string): string[] =>
    variablesOf(services[service]?.environment ?? {});

  it.each([...coreWith(VENUE_NAMES), connectorOf('wallet')])(
    'gives %s the variables that `npm start` gives it',
    (name) => {
      expect(variables(name)).toEqual(variablesOf(serviceEnvironment(CONTEXT, name)));
    },
  );

  it.each(SIMULATED_NAMES)(
    'gives the connector of %s the variables that `npm start` gives it',
    (venue) => {
      const credentials = Object.fromEntries(
        Object.values(simulatedOf(venue).credentials).map((field) => [field, 'x']),
      );

      expect(variables(connectorOf(venue))).toEqual(
        variablesOf(connectorEnvironment(CONTEXT, venue, credentials, 'real')),
      );
    },
  );

  it('lets no service trust the tokens of the console alone, as `npm start` does', () => {
    const started = coreWith(VENUE_NAMES).map((name) => serviceEnvironment(CONTEXT, name));
    const composed = Object.values(services).map(({ environment = {} }) => environment);
    const read = (environment: Readonly<Record<string, string>>) =>
      readConfig(environment, { trusted: SERVICE_SETTINGS.clientsWithoutPasskey }).trusted;

    expect(services['console']?.environment?.['OIDC_CLIENT_ID']).toBe(CONSOLE_CLIENT);
    for (const environment of [...started, ...composed])
      expect(read(environment)).not.toContain(CONSOLE_CLIENT);
  });

  it('builds each service from an app that exists', () => {
    const built = Object.values(services).flatMap(({ build }) =>
      build?.args.APP ? [build.args.APP] : [],
    );

    expect([...new Set(built)].sort()).toEqual([...SERVICE_NAMES, 'venue-simulator', 'cli'].sort());
    expect(
      built
        .filter((app) => app !== 'cli')
        .filter((app) => !existsSync(join(workspaceRoot(), 'apps', app, 'project.json'))),
    ).toEqual([]);
  });

  it.each(SERVICE_NAMES)('migrates the database of %s as its owner before it starts', (name) => {
    const job = services[`migrate-${name}`];

    expect(job?.command).toEqual(['app/dist/migrate.js']);
    expect(job?.build?.args.APP).toBe(name);
    expect(loginOf(job?.environment?.['DATABASE_OWNER_URL'])).toBe(ownerOf(name));
    expect(job?.environment?.['NODE_ENV']).toBe('development');
    expect(job?.environment?.['DATABASE_LOGIN']).toBe(
      loginOf(services[name]?.environment?.['DATABASE_URL']),
    );
    expect(services[name]?.depends_on).toMatchObject({
      [`migrate-${name}`]: { condition: 'service_completed_successfully' },
    });
  });

  it("gives each login a password of its own, and an owner's to no container that stays up but PostgreSQL", () => {
    const urls = Object.values(services).flatMap(({ environment = {} }) =>
      Object.values(environment).filter((value) => value.startsWith('postgres://')),
    );
    const passwords = new Map(urls.map((url) => [loginOf(url), passwordOf(url)]));
    expect(passwords.size).toBe(2 * SERVICE_NAMES.length);
    expect(new Set([...passwords.values(), 'POSTGRES_PASSWORD']).size).toBe(passwords.size + 1);

    const holders = Object.entries(services)
      .filter(([, { environment }]) =>
        JSON.stringify(environment ?? {}).includes('_OWNER_PASSWORD'),
      )
      .map(([name]) => name);
    expect(holders).toEqual(['postgres', ...SERVICE_NAMES.map((name) => `migrate-${name}`)]);
  });

  it('waits only for services that exist, and only for the health of those that report it', () => {
    const waits = Object.values(services).flatMap(({ depends_on }) =>
      Object.entries(depends_on ?? {}),
    );

    expect(waits.filter(([name]) => !services[name])).toEqual([]);
    expect(
      waits.filter(
        ([name, { condition }]) => condition === 'service_healthy' && !services[name]?.healthcheck,
      ),
    ).toEqual([]);
  });

  it('mounts only named volumes and files that exist', () => {
    const sources = Object.values(services).flatMap((service) =>
      (service.volumes ?? []).map((volume) => volume.split(':')[0] ?? ''),
    );
    const unknown = sources.filter(
      (source) =>
        !(source in volumes) &&
        !(source.startsWith('./') && existsSync(join(workspaceRoot(), source))),
    );

    expect(unknown).toEqual([]);
  });

  it('mounts files so that SELinux admits the containers', () => {
    const files = Object.values(services)
      .flatMap((service) => service.volumes ?? [])
      .filter((volume) => volume.startsWith('./'));

    expect(files.length).toBeGreaterThan(0);
    expect(files.filter((volume) => !volume.endsWith(':ro,z'))).toEqual([]);
  });

  it('reports databases that a failed first start has left out, with the remedy, once', () => {
    const folder = mkdtempSync(join(tmpdir(), 'sluice-compose-'));
    const [, script = ''] = services['postgres']?.healthcheck?.test ?? [];
    const local = script
      .replaceAll('$$', '$')
      .replaceAll('/tmp/', `${folder}/`)
      .replaceAll('/proc/1/fd/2', join(folder, 'log'));
    const check = (databases: number) => {
      for (const [program, output] of [
        ['pg_isready', ''],
        ['psql', `${databases}`],
      ] as const)
        writeFileSync(join(folder, program), `#!/bin/sh\necho ${output}\n`, { mode: 0o755 });
      const env = { PATH: `${folder}:${process.env['PATH']}` };
      writeFileSync(join(folder, 'log'), '');
      const { status } = spawnSync('sh', ['-c', local], { env });
      return { status, log: readFileSync(join(folder, 'log'), 'utf8').trim() };
    };

    expect(check(SERVICE_NAMES.length)).toEqual({ status: 0, log: '' });
    expect(check(3)).toEqual({
      status: 1,
      log: expect.stringMatching(
        /^PostgreSQL has 3 of the \d+ databases: .* docker compose down --volumes, and start again$/,
      ) as string,
    });
    expect(check(3)).toEqual({ status: 1, log: '' });
    rmSync(folder, { recursive: true });
  });

  it('publishes every port on 127.0.0.1 only', () => {
    const published = Object.values(services).flatMap(({ ports = [] }) => ports);

    expect(published.length).toBeGreaterThan(SERVICE_NAMES.length);
    expect(published.filter((port) => !port.startsWith('127.0.0.1:'))).toEqual([]);
    const onMachine = published.map((port) => port.split(':')[1]);
    expect(new Set(onMachine).size).toBe(onMachine.length);
  });

  it('gives the wallet its chains, and its keys to the signer alone', () => {
    const waiting = Object.keys(services).filter((name) => services[name]?.depends_on?.['chains']);
    const holders = Object.keys(services).filter(
      (name) => services[name]?.environment?.['SIGNER_KEYS_KEK'],
    );

    expect(waiting).toEqual(['signer', 'auditor', 'connector-evm']);
    expect(holders).toEqual(['chains', 'signer']);
    expect(services['chains']?.build?.target).toBe('chains');
  });

  it('gives PostgreSQL, Kafka and Node the same memory as `npm start`', () => {
    const settings = (services['postgres']?.command ?? [])
      .filter((word) => word.includes('='))
      .map((word) => word.split('='));
    const dockerfile = readFileSync(join(workspaceRoot(), 'Dockerfile'), 'utf8');
    const entrypoint = /^ENTRYPOINT (.+)$/m.exec(dockerfile)?.[1] ?? '[]';
    const nodeOptions = /^ENV .*NODE_OPTIONS=(\S+)/m.exec(dockerfile)?.[1];

    expect(settings.map(([name]) => name)).toEqual([
      'max_connections',
      'shared_buffers',
      'max_wal_size',
    ]);
    expect(POSTGRES_SETTINGS).toMatchObject(Object.fromEntries(settings) as object);
    expect(services['kafka']?.environment?.['KAFKA_HEAP_OPTS']).toBe(KAFKA_HEAP.join(' '));
    expect([...(JSON.parse(entrypoint) as string[]), nodeOptions]).toEqual(
      expect.arrayContaining([...SERVICE_NODE_FLAGS]),
    );
  });
});

describe('the files for containers', () => {
  it.each([...composeFiles()])('%s is what `nx run stack:compose` writes', (file, text) => {
    expect(readFileSync(join(workspaceRoot(), file), 'utf8')).toBe(text);
  });
});
