import { type Database, Outbox, rowsJson, UnitOfWork } from '@sluice/postgres';
import { givenAuditor } from '../testkit/given-auditor.js';
import { FOLLOWED_THROUGH } from '../checks/check-sql.js';
import { inSnapshot } from '../checks/run-checks.js';
import { FactWrites } from '../writes/fact-writes.js';
import { CHECK_RESUMED, compareReports, reportRows, STORE_REPORTS } from './report-rows.js';
import { PendingReports, ReportsConsumer } from './reports.consumer.js';

const MINUTE_MS = 60_000;

type Report = Parameters<typeof reportRows>[1][number];

interface Given {
  readonly service?: string;
  readonly instance?: string;
  readonly secondsAgo?: number;
  readonly waitedMs?: number;
}

describe('the comparison of the reports with their intervals', () => {
  let owner: Database;
  let service: Database;
  beforeEach(async () => {
    ({ owner, service } = await givenAuditor());
    await owner.query(
      `UPDATE audit_progress SET followed_through = now(), followed_since = now() - interval '1 hour'`,
    );
  });
  afterEach(() => Promise.all([owner.close(), service.close()]));

  /** A report of one check with an interval of a minute. */
  async function reported(given: Given = {}): Promise<void> {
    const { service: source = 'ledger', instance = 'a', secondsAgo = 0, waitedMs = 0 } = given;
    const built: object = {
      time: new Date(Date.now() - secondsAgo * 1_000).toISOString(),
      data: { service: source, instance, checks: [{ name: 'x', everyMs: MINUTE_MS, waitedMs }] },
    };
    await service.query(STORE_REPORTS, [rowsJson(reportRows(source, [built as Report]))]);
  }

  const process = () => {
    const writes = new FactWrites(new UnitOfWork(service, 'auditor', new Outbox(service)));
    const pending = new PendingReports(writes, { warn: () => undefined } as never);
    return { pending, consumer: new ReportsConsumer(writes, pending) };
  };

  /** Handles a batch of a service's topic, and returns the reports in memory. */
  async function handles(
    source: string,
    batch: readonly object[],
    { pending, consumer } = process(),
  ) {
    const handle = Reflect.get(consumer, `audit.${source}`) as (batch: unknown) => Promise<void>;
    await handle.call(consumer, batch);
    return pending;
  }
  const reportOf = ({ secondsAgo = 0, waitedMs = 0 }: Given): object => ({
    type: 'audit.checks-reported.v1',
    time: new Date(Date.now() - secondsAgo * 1_000).toISOString(),
    data: {
      service: 'ledger',
      instance: 'a',
      checks: [{ name: 'x', everyMs: MINUTE_MS, waitedMs }],
    },
  });
  const stored = () =>
    owner.query(
      `SELECT extract(epoch FROM now() - reported_at)::int AS ago FROM check_report WHERE check_name = 'x'`,
    );

  it('stores the first report of a process at once, ordinary reports later, and the newest of several', async () => {
    const parts = process();
    await handles('ledger', [reportOf({ secondsAgo: 20 })], parts);
    expect(await stored()).toEqual([{ ago: 20 }]);
    for (const secondsAgo of [12, 2, 12]) {
      await handles('ledger', [reportOf({ secondsAgo })], parts);
      expect(await stored()).toEqual([{ ago: 20 }]);
    }

    await parts.pending.store();
    expect(await stored()).toEqual([{ ago: 2 }]);
    await owner.query('DELETE FROM check_report');
    await parts.pending.store();
    expect(await stored()).toEqual([]);
  });

  it('stores a report of a missed check at once, and also the report after it and after a silence', async () => {
    const parts = process();
    await handles('ledger', [reportOf({ secondsAgo: 60 })], parts);
    await handles('ledger', [reportOf({ secondsAgo: 29 })], parts);
    expect(await stored()).toEqual([{ ago: 29 }]);

    await handles('ledger', [reportOf({ secondsAgo: 9, waitedMs: 3 * MINUTE_MS + 1 })], parts);
    expect(await open()).toEqual(['ledger x all']);
    await handles('ledger', [reportOf({ secondsAgo: 1 })], parts);
    expect(await open()).toEqual([]);
  });

  it('loses ordinary reports in a crash without a false condition, and finds the next missed check', async () => {
    const ended = process();
    await handles('ledger', [reportOf({ secondsAgo: 31 })], ended);
    await handles('ledger', [reportOf({ secondsAgo: 16 })], ended);
    expect(await stored()).toEqual([{ ago: 31 }]); // the process ends before its write
    expect(await open()).toEqual([]);

    const next = process();
    await handles('ledger', [reportOf({ secondsAgo: 1 })], next);
    expect(await stored()).toEqual([{ ago: 1 }]);
    expect(await open()).toEqual([]);
    await handles('ledger', [reportOf({ waitedMs: 4 * MINUTE_MS })], next);
    expect(await open()).toEqual(['ledger x all']);
  });

  it('keeps reports whose write fails', async () => {
    const failing = { add: () => Promise.reject(new Error('away')) };
    const pending = new PendingReports(failing as never, { warn: () => undefined } as never);
    const parts = { pending, consumer: new ReportsConsumer(failing as never, pending) };
    await expect(handles('ledger', [reportOf({ secondsAgo: 9 })], parts)).rejects.toThrow('away');
    await handles('ledger', [reportOf({})], parts);
    await expect(pending.store()).rejects.toThrow('away');
    await expect(pending.store()).rejects.toThrow('away');
  });

  /** The open conditions, as service, check and scope. */
  async function open(): Promise<readonly string[]> {
    await service.query(CHECK_RESUMED);
    await inSnapshot(service, compareReports);
    const rows = await owner.query<{ text: string }>(
      `SELECT concat_ws(' ', evidence->>'service', nullif(evidence->>'check', ''), scope, target) AS text
         FROM finding WHERE kind = 'check_missed' AND closed_at IS NULL AND is_condition ORDER BY 1`,
    );
    return rows.map(({ text }) => text);
  }

  it('opens after three missed intervals, once, and ends with the next completion', async () => {
    await reported({ secondsAgo: 40, waitedMs: 3 * MINUTE_MS });
    expect(await open()).toEqual([]);

    await reported({ secondsAgo: 20, waitedMs: 3 * MINUTE_MS + 1 });
    expect(await open()).toEqual(['ledger x all']);
    expect(await open()).toEqual(['ledger x all']);

    await reported({ waitedMs: 1_000 });
    expect(await open()).toEqual([]);
  });

  it('opens for the venue of a connector, whatever another instance completes', async () => {
    await reported({ service: 'connector-evm', instance: 'a', waitedMs: 4 * MINUTE_MS });
    await reported({ service: 'connector-evm', instance: 'b' });

    expect(await open()).toEqual(['connector-evm x venue wallet']);
  });

  it('opens for a service without reports, and not for one process that ended', async () => {
    await reported({ instance: 'a', secondsAgo: 100 });
    await reported({ instance: 'b', secondsAgo: 20 });
    await reported({ service: 'connector-gateio', secondsAgo: 70 });
    expect(await open()).toEqual(['connector-gateio venue gateio']);

    await reported({ service: 'connector-gateio', instance: 'new' });
    expect(await open()).toEqual([]);
  });

  it('opens for a check that a process left out of its reports', async () => {
    await reported({ secondsAgo: 200 });
    await service.query(STORE_REPORTS, [
      rowsJson([
        {
          service: 'ledger',
          instance: 'a',
          check_name: '',
          every_ms: 0,
          waited_ms: 0,
          reported_at: new Date(),
        },
      ]),
    ]);

    expect(await open()).toEqual(['ledger x all']);
  });

  it('judges nothing within a minute after a gap in the followed messages, and ends nothing', async () => {
    await reported({ secondsAgo: 300 });
    const at = (secondsAgo: number) =>
      service.query(FOLLOWED_THROUGH, [new Date(Date.now() - secondsAgo * 1_000)]);
    await owner.query(
      `UPDATE audit_progress SET followed_through = now() - interval '200 seconds'`,
    );
    for (const secondsAgo of [60, 40, 20, 5]) await at(secondsAgo);
    expect(await open()).toEqual([]);

    await at(-20);
    expect(await open()).toEqual(['ledger all']);
    await reported();
    await at(60 - 20 + 100);
    await at(-100);
    expect(await open()).toEqual(['ledger all']);
  });

  it('belongs to the producer of the topic, whatever source a message names', async () => {
    const head = { subject: 'ledger', source: 'ledger', time: new Date().toISOString() };
    const of = { service: 'ledger', callId: 'c', target: 't' };
    const entry = { callerKind: 'person', callerName: 'ada', method: 'POST', route: '/r' };
    const chain = { number: '1', hash: 'a', previousHash: 'b', status: 200 };
    const by = { requestedBy: 'ada', requestedAt: head.time };
    const batch: object[] = [
      { id: '1', type: 'audit.checks-reported.v1', data: { ...of, instance: 'a', checks: [] } },
      { id: '2', type: 'audit.entry-recorded.v1', data: { ...of, ...entry, ...chain } },
      {
        id: '3',
        type: 'audit.demand-requested.v1',
        data: { ...of, ...by, demandId: '1', action: 'a', digest: 'd' },
      },
    ].map((message) => ({ ...head, ...message }));
    await handles('connector-gateio', batch);

    for (const table of ['check_report', 'audited_entry', 'audited_demand'])
      expect(await owner.query(`SELECT service FROM ${table}`)).toEqual([
        { service: 'connector-gateio' },
      ]);
  });

  it('keeps the newest report of a check, and forgets processes that ended long ago', async () => {
    await reported({ secondsAgo: 700 });
    await reported({ instance: 'b', secondsAgo: 10 });
    await reported({ instance: 'b', secondsAgo: 30, waitedMs: 9 * MINUTE_MS });
    expect(await open()).toEqual([]);

    expect(await owner.query('SELECT DISTINCT instance FROM check_report')).toEqual([
      { instance: 'b' },
    ]);
  });
});
