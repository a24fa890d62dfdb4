import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { rmSync } from 'node:fs';
import {
  asOwner,
  asService,
  ServiceProcess,
  TEST_LOGIN,
  withTestKafka,
  withTestPostgres,
  type TestKafka,
  type TestPostgres,
} from '@sluice/test-servers';
import { eventually, testMessageKeysText } from '@sluice/test-kit';
import { testsOf, type JestTest } from './testkit/jest-report.js';
import { TempWorkspace, type CommandRun } from './testkit/temp-workspace.js';

const FILL_IN = /fill in/;
const START_CHECK = 'apps/connector-acme/src/venue/acme.start-check.ts';
const SLOW = 300_000;

let workspace: TempWorkspace;
let generation: CommandRun;

beforeAll(() => {
  workspace = TempWorkspace.create();
  generation = workspace.run('nx', 'g', './tools/generators:connector', '--name=acme');
}, SLOW);
afterAll(() => workspace?.remove());

function jest(kind: string, project: string, filter = ''): readonly JestTest[] {
  workspace.run('node', 'tools/build/jest.mjs', kind, project, ...(filter === '' ? [] : [filter]));
  return testsOf(workspace.read(`reports/${kind}/${project.replace(/.*\//, '')}.json`));
}

const failing = (tests: readonly JestTest[]): readonly JestTest[] =>
  tests.filter(({ passed }) => !passed);
const unclear = (tests: readonly JestTest[]): readonly JestTest[] =>
  failing(tests).filter(({ messages }) => !messages.every((message) => FILL_IN.test(message)));

describe('a generated connector', () => {
  it('is written by the documented command, which prints the remaining steps', () => {
    expect(generation).toMatchObject({
      status: 0,
      output: expect.stringContaining('CREATE apps/connector-acme/src/main.ts') as string,
    });
    expect(generation.output).toContain("grep -rni 'fill in' apps/connector-acme");
    expect(workspace.read('CONTRIBUTING.md')).toContain(
      'nx g ./tools/generators:connector --name=acme',
    );
  });

  it(
    'passes lint, and is written as Prettier writes',
    () => {
      expect(workspace.run('nx', 'show', 'projects').output).toContain('connector-acme');
      expect(
        workspace.run('eslint', 'apps/connector-acme', 'libs/messages/src', '--max-warnings', '0'),
      ).toEqual({ status: 0, output: '' });
      expect(
        workspace.run('prettier', '--check', 'apps/connector-acme', 'libs/messages/src/index.ts')
          .status,
      ).toBe(0);
    },
    SLOW,
  );

  it(
    'is in the lockfile as npm writes it',
    () => {
      expect(
        workspace.run('npm', 'ci', '--dry-run', '--ignore-scripts', '--offline'),
      ).toMatchObject({ status: 0 });
    },
    SLOW,
  );

  it(
    "keeps the repository's rules: its topic has samples, its settings are documented, its links resolve",
    () => {
      const tests = jest(
        'unit',
        'tools/repo',
        '/(connectors|configuration|documents|imports|invariants|projects|tests|texts|topics)\\.spec',
      );

      expect(failing(tests)).toEqual([]);
      expect(
        tests.some(({ title }) => title.includes('venue.acme.commands has golden samples')),
      ).toBe(true);
      expect(tests.some(({ title }) => title.includes('connector-acme'))).toBe(true);
      expect(failing(jest('unit', 'libs/messages', 'samples'))).toEqual([]);
    },
    SLOW,
  );

  it(
    'fails unit tests that name each missing table or body; parts with a default pass',
    () => {
      const tests = jest('unit', 'apps/connector-acme');

      expect(
        failing(tests)
          .map(({ title }) => title)
          .sort(),
      ).toEqual([
        'a record without id or time cannot be used',
        'a submit that is not answered is unknown',
        'pays something in every form',
        'prepares the exact bytes, so that the recipient gets exactly the amount',
        'records that cannot be read are unavailable, never absent',
        'the answer to a submit a recorded success is accepted by its id',
        'the answer to a submit every documented code has its meaning, and no other code has one',
        'the status of a withdrawal every documented status has its meaning, and no other status has one',
      ]);
      expect(unclear(tests)).toEqual([]);
      expect(tests.filter(({ passed }) => passed).map(({ title }) => title)).toEqual(
        expect.arrayContaining([
          'the answer to a submit an undocumented code is an ambiguous refusal with status 4xx, and unknown with any other',
          'the status of a withdrawal anything undocumented is still open, never failed, with an alert',
        ]),
      );
    },
    SLOW,
  );

  it(
    'fails its contract, crash and invariant tests, every one of them, with nothing but what to fill in',
    () => {
      workspace.run('nx', 'run-many', '-t', 'build', '-p', 'connector-acme,venue-simulator');

      const tests = jest('integration', 'apps/connector-acme');

      expect(tests.filter(({ passed }) => passed)).toEqual([]);
      expect(tests.length).toBeGreaterThan(20);
      expect(unclear(tests)).toEqual([]);
    },
    SLOW,
  );
});

describe('a generated connector as a service', () => {
  let kafka: TestKafka;
  let postgres: TestPostgres;
  let service: ServiceProcess;
  /** A venue without endpoints; each response has a Date header. */
  const venue = createServer((_request, response) => response.writeHead(404).end());
  beforeAll(async () => {
    [kafka, postgres] = await Promise.all([withTestKafka(), withTestPostgres()]);
    await new Promise<void>((resolve) => venue.listen(0, '127.0.0.1', resolve));
    await kafka.createTopics(
      ['venue.acme.commands', 'venue.acme.events', 'audit.connector-acme', 'auditor.permits'].map(
        (name) => ({ name, partitions: 1 }),
      ),
    );
    expect(workspace.run('nx', 'run', 'connector-acme:build')).toMatchObject({ status: 0 });
  }, SLOW);
  afterEach(() => service.stop());
  const ask = async (path: string) => {
    const answer = await service.get(path);
    return { status: answer.status, body: await answer.json() };
  };
  afterAll(async () => {
    venue.close();
    venue.closeAllConnections();
    await postgres.stop();
  });

  const start = async (): Promise<void> => {
    const url = await postgres.createDatabase('connector_acme');
    const migrated = workspace.run(
      'env',
      `DATABASE_OWNER_URL=${asOwner(url)}`,
      `DATABASE_LOGIN=${TEST_LOGIN}`,
      'node',
      'apps/connector-acme/dist/migrate.js',
    );
    expect(migrated).toMatchObject({ status: 0 });
    service = await ServiceProcess.start(workspace.path('apps/connector-acme/dist/main.js'), {
      KAFKA_BROKERS: kafka.brokers.join(),
      DATABASE_URL: asService(url),
      ACME_BASE_URL: `http://127.0.0.1:${(venue.address() as AddressInfo).port}`,
      ACME_API_KEY: 'key',
      ACME_API_SECRET: 'secret',
      MESSAGE_KEYS: testMessageKeysText('connector-acme'),
      AUDITOR_PERMITS: 'advisory',
    });
    await eventually(async () => expect(await ask('/healthz')).toMatchObject({ status: 200 }), {
      withinMs: 30_000,
    });
  };

  it(
    'starts on a real PostgreSQL and Kafka, and is unready for one reason alone: its start-up check',
    async () => {
      await start();

      const faults = [
        'acme: fill in src/venue/acme.start-check.ts: read the clock and the records of withdrawals',
      ];
      await eventually(
        async () => {
          const { status, body } = await ask('/readyz');
          expect([status, (body as { error: object }).error]).toEqual([
            503,
            { connector: { status: 'down', faults } },
          ]);
        },
        { withinMs: 30_000 },
      );
    },
    SLOW,
  );

  it(
    'is ready as soon as that check passes',
    async () => {
      workspace.write(
        START_CHECK,
        workspace
          .read(START_CHECK)
          .replace(/Promise\.resolve\(\s*'.*',?\s*\)/, 'Promise.resolve(null)'),
      );
      expect(workspace.run('nx', 'run', 'connector-acme:build')).toMatchObject({ status: 0 });

      await start();

      await eventually(async () => expect(await ask('/readyz')).toMatchObject({ status: 200 }), {
        withinMs: 30_000,
      });
    },
    SLOW,
  );
});

describe('a connector whose folder was deleted', () => {
  it(
    'is gone, and tidy names each line that still speaks of it',
    () => {
      rmSync(workspace.path('apps/connector-acme'), { recursive: true });

      const [report] = failing(jest('unit', 'tools/repo', '/connectors\\.spec'));

      expect(report?.title).toBe('connectors that are gone are named nowhere');
      const said = report?.messages.join() ?? '';
      for (const file of [
        'libs/kernel/src/destination.ts',
        'package-lock.json',
        'libs/messages/src/samples/venue.acme.commands',
      ])
        expect(said).toContain(file);
    },
    SLOW,
  );
});
