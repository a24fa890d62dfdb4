import {
  AuditorAdmin,
  ConnectorAdmin,
  IntakeAdmin,
  LedgerAdmin,
  type ServiceAdmin,
} from '@sluice/admin-client';
import { CallRecorder } from './testkit/call-recorder.js';
import { TestSystem } from './testkit/given-system.js';

describe('the client of the admin API', () => {
  let sluice: TestSystem;
  let recorder: CallRecorder;
  beforeAll(async () => {
    [sluice, recorder] = await Promise.all([TestSystem.start(), CallRecorder.start()]);
  }, 180_000);
  afterAll(async () => {
    await recorder?.stop();
    await sluice?.stop();
  });

  it('has a method for each endpoint that intake-api describes, and no other', async () => {
    const calls = await pathsOf(new IntakeAdmin(recorder.target));
    await expectSame(calls, sluice.admin.intake);
  });

  it('has a method for each endpoint that the ledger describes, and no other', async () => {
    const calls = await pathsOf(new LedgerAdmin(recorder.target));
    await expectSame(calls, sluice.admin.ledger);
  });

  it('has a method for each endpoint that a connector describes, and no other', async () => {
    const calls = await pathsOf(new ConnectorAdmin(recorder.target));
    await expectSame(calls, sluice.admin.connector('gateio'));
  });

  it('has a method for each endpoint that the auditor describes, and no other', async () => {
    const calls = await pathsOf(new AuditorAdmin(recorder.target));
    await expectSame(calls, sluice.admin.auditor);
  });

  /** Each method and path that the client calls, those of every service included. */
  async function pathsOf(client: ServiceAdmin): Promise<readonly string[]> {
    const paths: string[] = [];
    for (const method of methodsOf(client))
      paths.push(await recorder.of(method.apply(client, [ANYTHING, ANYTHING, ANYTHING])));
    return paths;
  }
});

/** Outside `/internal`: OpenAPI does not describe them. */
const UNDESCRIBED: readonly string[] = ['constructor', 'readiness', 'metrics'];

type Method = (...args: readonly unknown[]) => Promise<unknown>;

/** Methods of the client's class and of the classes before it. */
function methodsOf(client: object): readonly Method[] {
  const prototype: unknown = Object.getPrototypeOf(client);
  if (typeof prototype !== 'object' || prototype === null || prototype === Object.prototype)
    return [];
  const names = Object.getOwnPropertyNames(prototype).filter((name) => !UNDESCRIBED.includes(name));
  return [...names.map((name) => Reflect.get(prototype, name) as Method), ...methodsOf(prototype)];
}

/** An argument whose text and fields are `x`, without fields in JSON. */
const ANYTHING: unknown = new Proxy(
  {},
  {
    get: (_, name) => {
      if (name === Symbol.toPrimitive) return () => 'x';
      return typeof name === 'string' && name !== 'toJSON' ? 'x' : undefined;
    },
  },
);

async function expectSame(calls: readonly string[], service: ServiceAdmin): Promise<void> {
  const described = await endpointsOf(service);
  const named = calls.map(
    (call) => described.find((endpoint) => patternOf(endpoint).test(call)) ?? `none: ${call}`,
  );
  expect(named.toSorted()).toEqual(described.toSorted());
}

/** As OpenAPI writes them: `GET /internal/withdrawals/{ref}`. */
async function endpointsOf(service: ServiceAdmin): Promise<readonly string[]> {
  const { text } = await service.http.send({ method: 'GET', path: '/internal/openapi.json' });
  const { paths } = JSON.parse(text) as { paths: Readonly<Record<string, object>> };
  return Object.entries(paths).flatMap(([path, methods]) =>
    Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
  );
}

function patternOf(endpoint: string): RegExp {
  return new RegExp(`^${endpoint.replaceAll(/\{\w+\}/g, '[^/]+')}$`);
}
