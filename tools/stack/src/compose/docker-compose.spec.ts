import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ALL_TOPICS } from '@sluice/messages';
import { parse } from 'yaml';
import { connectorEnvironment, intakeEnvironment, ledgerEnvironment, type Surroundings } from '../system/service-environment.js';
import { workspaceRoot } from '../workspace-root.js';

interface ComposeService {
  readonly image?: string;
  readonly build?: { readonly args: { readonly APP: string } };
  readonly environment?: Readonly<Record<string, string>>;
  readonly volumes?: readonly string[];
  readonly healthcheck?: { readonly test: readonly string[] };
  readonly depends_on?: Readonly<Record<string, { readonly condition: string }>>;
}

const WORLD: Surroundings = {
  ports: { postgres: 1, kafka: 2, kafkaController: 3, 'intake-api': 4, intakeInternal: 5, ledger: 6, 'connector-gateio': 7, 'venue-simulator': 8 },
  secrets: { postgres: '', databases: { intake: '', ledger: '', 'connector-gateio': '' }, secretsKek: '', internalToken: '' },
  brokers: [],
  databases: { intake: '', ledger: '', 'connector-gateio': '' },
  logLevel: '',
};

/** What can be checked of docker-compose.yml without an engine. */
describe('docker-compose.yml', () => {
  const text = readFileSync(join(workspaceRoot(), 'docker-compose.yml'), 'utf8');
  const { services, volumes } = parse(text, { merge: true }) as { services: Record<string, ComposeService>; volumes: Record<string, unknown> };
  const variables = (service: string): string[] => Object.keys(services[service]?.environment ?? {}).sort();

  it('gives each service the variables that `npm start` gives it', () => {
    expect(variables('intake-api')).toEqual(Object.keys(intakeEnvironment(WORLD)).sort());
    expect(variables('ledger')).toEqual(Object.keys(ledgerEnvironment(WORLD)).sort());
    expect(variables('connector-gateio')).toEqual(
      Object.keys(connectorEnvironment(WORLD, { base_url: '', api_key: '', api_secret: '' }, 'real')).sort(),
    );
  });

  it('builds each service from an app that exists', () => {
    const built = Object.values(services).flatMap(({ build }) => (build ? [build.args.APP] : []));

    expect(built.sort()).toEqual(['connector-gateio', 'intake-api', 'ledger', 'venue-simulator']);
    expect(built.filter((app) => !existsSync(join(workspaceRoot(), 'apps', app, 'project.json')))).toEqual([]);
  });

  it('waits only for services that exist, and only for the health of those that tell it', () => {
    const waits = Object.values(services).flatMap(({ depends_on }) => Object.entries(depends_on ?? {}));

    expect(waits.filter(([name]) => !services[name])).toEqual([]);
    expect(waits.filter(([name, { condition }]) => condition === 'service_healthy' && !services[name]?.healthcheck)).toEqual([]);
  });

  it('mounts only named volumes and files that exist', () => {
    const sources = Object.values(services).flatMap((service) => (service.volumes ?? []).map((volume) => volume.split(':')[0] ?? ''));
    const unknown = sources.filter((source) => !(source in volumes) && !(source.startsWith('./') && existsSync(join(workspaceRoot(), source))));

    expect(unknown).toEqual([]);
  });

  it('creates every topic of the system and no other', () => {
    const script = readFileSync(join(workspaceRoot(), 'tools/stack/compose/topics.sh'), 'utf8');
    const listed = /for topic in (.+); do/.exec(script)?.[1]?.split(' ') ?? [];

    expect(listed.sort()).toEqual(ALL_TOPICS.map(({ name }) => name).sort());
  });
});
