import {
  alertQueries,
  countersWithoutSeries,
  dashboardQueries,
  exposedMetrics,
  faultOf,
  usesIn,
} from '@sluice/repo';
import { traceIdOf } from '@sluice/runtime/tracing';
import { eventually, TraceCollector, type CollectedSpan } from '@sluice/test-kit';
import { numberOf, toAddress, type Customer } from './testkit/customer.js';
import { TestSystem } from './testkit/given-system.js';

describe('traces and metrics', () => {
  let collector: TraceCollector;
  let sluice: TestSystem;
  let customer: Customer;
  beforeAll(async () => {
    collector = await TraceCollector.start();
    sluice = await TestSystem.startWith({
      more: ['wallet'],
      settings: { OTEL_EXPORTER_OTLP_ENDPOINT: collector.endpoint, TRACE_SAMPLE_RATIO: '1' },
    });
    customer = await sluice.customer({ funds: '1000' });
  });
  afterAll(async () => {
    await sluice.stop();
    await collector.stop();
  });

  const arrived = async (traceId: string, ...names: string[]): Promise<readonly CollectedSpan[]> =>
    eventually(
      () => {
        const spans = collector.of(traceId);
        expect(spans.map(nameOf)).toEqual(expect.arrayContaining(names));
        return spans;
      },
      { withinMs: 30_000, everyMs: 200 },
    );

  it('begins every counter of the alerts at 0, so that the first event raises an alert', async () => {
    const { admin } = sluice;
    const texts = await Promise.all(admin.names().map((name) => admin.service(name).metrics()));
    const uses = alertQueries().flatMap(({ expr }) => usesIn(expr));

    expect(countersWithoutSeries(uses, texts)).toEqual([]);
  });

  it('each withdrawal has one trace, from the request to the capture', async () => {
    const posted = await customer.post(toAddress());
    const { id, trace_id } = await customer.reaches(numberOf(posted), ['completed']);
    expect(trace_id).toBe(traceIdOf(id));

    const spans = await arrived(
      traceIdOf(id) ?? '',
      'intake-api: POST /v1/withdrawals',
      'intake-api: send ledger.place-hold.v1',
      'ledger: process ledger.place-hold.v1',
      'intake-api: process ledger.hold-placed.v1',
      'connector-gateio: process venue.submit-withdrawal.v1',
      `connector-gateio: POST ${new URL(sluice.system.run.simulators.gateio).host}`,
      'connector-gateio: send venue.withdrawal-settled.v1',
      'intake-api: process venue.withdrawal-settled.v1',
      'ledger: process ledger.capture-hold.v1',
      'intake-api: process ledger.hold-captured.v1',
      'intake-api: send withdrawal.completed.v1',
    );
    const ids = new Set(spans.map(({ spanId }) => spanId));
    const detached = spans.filter(({ parentSpanId = '' }) => !ids.has(parentSpanId));
    expect(detached.map(nameOf)).toEqual(['intake-api: POST /v1/withdrawals']);
  });

  it('traces follow a request from service to service', async () => {
    await customer.balance();
    const [asked] = await eventually(
      () => {
        const inLedger = collector.spans.filter(
          ({ service, name }) => service === 'ledger' && name.includes('balances'),
        );
        expect(inLedger.length).toBeGreaterThan(0);
        return inLedger;
      },
      { withinMs: 30_000, everyMs: 200 },
    );
    const spans = await arrived(asked?.traceId ?? '', 'intake-api: GET ledger');
    expect(spans.map(({ service }) => service)).toEqual(
      expect.arrayContaining(['intake-api', 'ledger']),
    );
  });

  it('has every metric that alerts and dashboards ask for, with its labels', async () => {
    const { admin } = sluice;
    await customer.fund('1', 'ETH', 'ETH');
    const paid = await customer.post(
      toAddress({ venue: 'wallet', currency: 'ETH', network: 'ETH', amount: '0.25' }),
    );
    await customer.reaches(numberOf(paid), ['completed'], 60_000);
    const texts = await Promise.all(admin.names().map((name) => admin.service(name).metrics()));
    const exposed = exposedMetrics(texts);
    const faults = [...alertQueries(), ...dashboardQueries()].flatMap(({ of, expr }) =>
      usesIn(expr).flatMap((use) => {
        const fault = faultOf(use, exposed);
        return fault === null ? [] : [`${of}: ${fault}`];
      }),
    );

    expect(faults).toEqual([]);
  });
});

function nameOf({ service, name }: CollectedSpan): string {
  return `${service}: ${name}`;
}
