import {
  AuditorAdmin,
  ConnectorAdmin,
  IntakeAdmin,
  LedgerAdmin,
  type ServiceAdmin,
} from '@sluice/admin-client';
import {
  AUDITOR_CALLS,
  CONNECTOR_CALLS,
  INTAKE_CALLS,
  LEDGER_CALLS,
  SERVICE_CALLS,
} from './testkit/admin-calls.js';
import { CallRecorder } from './testkit/call-recorder.js';
import type { TestSystem } from './testkit/given-system.js';
import { sharedSystem } from './testkit/shared-system.js';

describe('the client of the admin API', () => {
  let sluice: TestSystem;
  let recorder: CallRecorder;
  beforeAll(async () => {
    [sluice, recorder] = await Promise.all([sharedSystem(), CallRecorder.start()]);
  }, 180_000);
  afterAll(() => recorder?.stop());

  it('has a method for each endpoint that intake-api describes, and no other', async () => {
    const calls = await pathsOf(new IntakeAdmin(recorder.target), INTAKE_CALLS);
    await expectSame(calls, sluice.admin.intake);
  });

  it('has a method for each endpoint that the ledger describes, and no other', async () => {
    const calls = await pathsOf(new LedgerAdmin(recorder.target), LEDGER_CALLS);
    await expectSame(calls, sluice.admin.ledger);
  });

  it('has a method for each endpoint that a connector describes, and no other', async () => {
    const calls = await pathsOf(new ConnectorAdmin(recorder.target), CONNECTOR_CALLS);
    await expectSame(calls, sluice.admin.connector('gateio'));
  });

  it('has a method for each endpoint that the auditor describes, and no other', async () => {
    const calls = await pathsOf(new AuditorAdmin(recorder.target), AUDITOR_CALLS);
    await expectSame(calls, sluice.admin.auditor);
  });

  /** Each method and path that the client calls, those of every service included. */
  async function pathsOf<Client extends ServiceAdmin>(
    client: Client,
    own: Readonly<Record<string, (client: Client) => Promise<unknown>>>,
  ): Promise<readonly string[]> {
    const paths: string[] = [];
    for (const call of [...Object.values(own), ...Object.values(SERVICE_CALLS)])
      paths.push(await recorder.of(call(client)));
    return paths;
  }
});

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
