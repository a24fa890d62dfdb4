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
import { eventually } from '@sluice/test-kit';
import { testsOf, type JestTest } from './testkit/jest-report.js';
import { TempWorkspace, type CommandRun } from './testkit/temp-workspace.js';

const SLOW = 300_000;
const TABLE = 'tools/stack/src/tables/services.ts';
const FOR_CONTAINERS = ['docker-compose.yml', 'tools/stack/compose/databases.sh'];

let workspace: TempWorkspace;
let before: ReadonlyMap<string, string>;
let generation: CommandRun;

beforeAll(() => {
  workspace = TempWorkspace.create();
  before = new Map([TABLE, ...FOR_CONTAINERS].map((file) => [file, workspace.read(file)]));
  generation = workspace.run('nx', 'g', './tools/generators:service', '--name=reporting');
}, SLOW);
afterAll(() => workspace?.remove());

function failing(kind: string, project: string, filter = ''): readonly JestTest[] {
  workspace.run('node', 'tools/build/jest.mjs', kind, project, ...(filter === '' ? [] : [filter]));
  const tests = testsOf(workspace.read(`reports/${kind}/${project.replace(/.*\//, '')}.json`));
  expect(tests.length).toBeGreaterThan(1);
  return tests.filter(({ passed }) => !passed);
}

const writeContainers = (): void =>
  expect(workspace.run('nx', 'run', 'stack:compose')).toMatchObject({ status: 0 });

describe('a generated service', () => {
  it('is written by the documented command, which prints the remaining steps', () => {
    expect(generation).toMatchObject({
      status: 0,
      output: expect.stringContaining('CREATE apps/reporting/src/main.ts') as string,
    });
    expect(generation.output).toContain('nx run stack:compose');
    expect(workspace.read('CONTRIBUTING.md')).toContain(
      'nx g ./tools/generators:service --name=reporting',
    );
  });

  it(
    'passes lint, and is written as Prettier writes',
    () => {
      expect(workspace.run('nx', 'show', 'projects').output).toContain('reporting');
      expect(workspace.run('eslint', 'apps/reporting', TABLE, '--max-warnings', '0')).toEqual({
        status: 0,
        output: '',
      });
      expect(workspace.run('prettier', '--check', 'apps/reporting', TABLE).status).toBe(0);
    },
    SLOW,
  );

  it(
    'is in the lockfile as npm writes it',
    () =>
      expect(
        workspace.run('npm', 'ci', '--dry-run', '--ignore-scripts', '--offline'),
      ).toMatchObject({ status: 0 }),
    SLOW,
  );

  it(
    'is in the files for containers as soon as they are written, and the stack knows it',
    () => {
      writeContainers();

      expect(workspace.read('docker-compose.yml')).toContain('APP: reporting, NODE_IMAGE');
      expect(failing('unit', 'tools/stack')).toEqual([]);
    },
    SLOW,
  );

  it(
    "keeps the repository's rules",
    () =>
      expect(
        failing(
          'unit',
          'tools/repo',
          '/(configuration|documents|imports|invariants|projects|tests|texts)\\.spec',
        ),
      ).toEqual([]),
    SLOW,
  );

  it(
    'passes its own tests, which plant a violation of its invariant',
    () => expect(failing('integration', 'apps/reporting')).toEqual([]),
    SLOW,
  );
});

describe('a generated service as a process', () => {
  let kafka: TestKafka;
  let postgres: TestPostgres;
  let service: ServiceProcess;
  beforeAll(async () => {
    [kafka, postgres] = await Promise.all([withTestKafka(), withTestPostgres()]);
    expect(workspace.run('nx', 'run', 'reporting:build')).toMatchObject({ status: 0 });
    const url = await postgres.createDatabase('reporting');
    const migrated = workspace.run(
      'env',
      `DATABASE_OWNER_URL=${asOwner(url)}`,
      `DATABASE_LOGIN=${TEST_LOGIN}`,
      'node',
      'apps/reporting/dist/migrate.js',
    );
    expect(migrated).toMatchObject({ status: 0 });
    service = await ServiceProcess.start(workspace.path('apps/reporting/dist/main.js'), {
      KAFKA_BROKERS: kafka.brokers.join(),
      DATABASE_URL: asService(url),
    });
  }, SLOW);
  afterAll(async () => {
    await service?.stop();
    await postgres?.stop();
  });

  it(
    'starts on a real PostgreSQL and Kafka, and becomes ready',
    () =>
      eventually(async () => expect((await service.get('/readyz')).status).toBe(200), {
        withinMs: 60_000,
      }),
    SLOW,
  );

  it('answers people who have a token', async () => {
    const ask = async (path: string, as?: string) => {
      const answer = await service.get(path, as === undefined ? {} : { as });
      return { status: answer.status, body: await answer.json() };
    };

    expect(await ask('/internal/examples')).toMatchObject({ status: 401 });
    expect(await ask('/internal/examples', 'audrey')).toMatchObject({
      status: 200,
      body: { data: [] },
    });
    expect(await ask('/internal/invariants', 'audrey')).toMatchObject({
      status: 200,
      body: { data: { checked: 3, violations: [], populations: { examples: 0 } } },
    });
  });
});

describe('a service that was taken away again', () => {
  it(
    'leaves no trace in the files for containers',
    () => {
      rmSync(workspace.path('apps/reporting'), { recursive: true });
      workspace.write(TABLE, before.get(TABLE) ?? '');

      writeContainers();

      for (const file of FOR_CONTAINERS) expect(workspace.read(file)).toBe(before.get(file));
    },
    SLOW,
  );
});
