import { processTime } from '@sluice/runtime';
import { StandInSystem, type Script } from './testkit/stand-in.js';

let system: StandInSystem;
afterEach(async () => system.stop());

/** Its clock is right whenever it is asked. */
const self =
  (service: string, change: object = {}) =>
  () => ({
    data: {
      service,
      version: '1.0.0',
      time_ms: processTime().getTime(),
      checked: ['database rights'],
      findings: [],
      unchecked: [],
      untold: [],
      message_keys: [],
      identity: { database: `db:1/${service}`, database_login: service, kafka_login: service },
      ...change,
    },
  });

const NOTHING = { data: [] };
const script = (service: string, change: Script = {}): Script => ({
  'GET /readyz': { raw: { status: 'ok' } },
  'GET /internal/self-check': self(service),
  ...Object.fromEntries(
    ['dead-letters', 'halts', 'book-halts', 'order-cases', 'breaks', 'cases'].map((list) => [
      `GET /internal/${list}`,
      NOTHING,
    ]),
  ),
  ...change,
});

const given = async (changes: Readonly<Record<string, Script>> = {}) => {
  system = await StandInSystem.start({
    intake: script('intake-api', changes['intake']),
    ledger: script('ledger', changes['ledger']),
    connector: script('connector-gateio', changes['connector']),
  });
};
const doctor = (options = '') => system.json(`doctor ${options}`);

describe('the doctor', () => {
  it('finds nothing wrong where nothing is, in a few lines', async () => {
    await given();

    expect(await doctor('--without-kafka')).toMatchObject({
      exitCode: 0,
      document: { findings: [], unchecked: [], untold: [] },
    });
    const { stdout, exitCode } = await system.sluice('doctor --without-kafka');
    expect(exitCode).toBe(0);
    expect(stdout).toContain('ok  ledger  (readiness, database rights, what waits for a person)');
    expect(stdout).toMatch(/nothing is wrong\n$/);
  });

  it('says that Kafka was not looked at where no login was given, which is no clean result', async () => {
    await given();

    expect(await doctor()).toMatchObject({
      exitCode: 2,
      document: { findings: [], unchecked: [{ about: 'kafka' }] },
    });
  });

  it('tells what services find wrong themselves, and what waits for people', async () => {
    const finding = { code: 'x', wrong: 'A.', follows: 'B.', remedy: 'C.' };
    await given({
      ledger: { 'GET /internal/self-check': self('ledger', { findings: [finding] }) },
      connector: {
        'GET /internal/dead-letters': { data: [{ topic: 't', cause: 'unknown type' }] },
        'GET /internal/halts': {
          data: [
            { scope: 'venue', target: 'gateio', opened_at: '1', reason: 'r', lifted_at: null },
          ],
        },
        'GET /internal/breaks': { data: [{ kind: 'k', subject: 's', closed_at: null }] },
      },
    });

    const { exitCode, document } = await doctor('--without-kafka');

    expect(exitCode).toBe(1);
    expect(document).toMatchObject({
      findings: [
        { about: 'ledger', ...finding },
        {
          about: 'connector-gateio',
          code: 'dead-letters-waiting',
          wrong: 'One dead letter is waiting: t, unknown type.',
        },
        { code: 'halts-in-force', wrong: 'One halt is in force: venue gateio since 1, r.' },
        { code: 'breaks-open', wrong: 'One break is open: k, s.' },
      ],
    });
    const { stdout } = await system.sluice('doctor --without-kafka');
    expect(stdout).toContain('wrong  ledger  A.  [x]\n       B.\n       C.\n');
    expect(stdout).toMatch(/4 things are wrong\n$/);
  });

  it('tells a service that is away, and one that is not ready or not migrated', async () => {
    const down = (fault: string) => ({
      status: 503,
      raw: { status: 'error', error: { start: { status: 'down', faults: [fault] } } },
    });
    await given({
      intake: { 'GET /readyz': down('it lacks Retention: run dist/migrate.js') },
      ledger: { 'GET /readyz': down('kafka: not joined yet') },
    });
    await system.connector.stop();

    const { exitCode, document } = await doctor('--without-kafka');

    expect(exitCode).toBe(1);
    expect(document).toMatchObject({
      findings: [
        { about: 'intake-api', code: 'database-not-migrated' },
        { about: 'ledger', code: 'service-unready' },
        { about: 'connector-gateio', code: 'service-away' },
      ],
      unchecked: [{ about: 'connector-gateio', what: 'self-check' }],
    });
  });

  it('does not take a service without a self-check for a clean result', async () => {
    await given({ ledger: { 'GET /internal/self-check': { status: 404, message: 'Not found' } } });

    expect(await doctor('--without-kafka')).toMatchObject({
      exitCode: 2,
      document: { findings: [], unchecked: [{ about: 'ledger', what: 'self-check' }] },
    });
  });

  it('tells a Kafka that does not answer', async () => {
    await given();

    const { exitCode, document } = await system.json('doctor', {
      SLUICE_KAFKA_BROKERS: '127.0.0.1:1',
    });

    expect(exitCode).toBe(1);
    expect(document).toMatchObject({ findings: [{ about: 'kafka', code: 'kafka-away' }] });
  });
});
