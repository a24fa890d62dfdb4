import { randomUUIDv7 } from 'node:crypto';
import { destinationOf } from '@sluice/kernel';
import { NO_WITHDRAWAL, recipientDigest, type SentItem } from '@sluice/messages';
import { unpackMessages } from '@sluice/postgres';
import { createLogger } from '@sluice/service-shell';
import { withTestPostgres, type TestPostgres } from '@sluice/test-servers';
import { NO_ANSWER, submitCommand, TestQueue } from '../testkit/given-queue.js';
import { APPLY_VERDICTS } from '../status/status-sql.js';
import { SentReport } from './sent-report.js';

describe('the report of what was sent', () => {
  let postgres: TestPostgres;
  let queue: TestQueue;
  let reports: readonly SentReport[];
  beforeAll(async () => {
    postgres = await withTestPostgres();
    queue = await TestQueue.start(postgres);
    reports = [1, 2].map(
      () => new SentReport(queue.unitOfWork, queue.events, createLogger('test', 'silent')),
    );
  });
  afterAll(async () => {
    await queue.close();
    await postgres.stop();
  });
  /** As if so long had passed since the last report, and since what was sent. */
  const passed = async (seconds: number) => {
    for (const [table, column] of [
      ['sent_report', 'reported_to'],
      ['submission', 'intended_at'],
    ]) {
      await queue.database.query(
        `UPDATE ${table} SET ${column} = ${column} - $1 * interval '1 second'`,
        [seconds],
      );
    }
  };
  const reported = async () =>
    (await queue.database.query<{ messages: Buffer }>('SELECT messages FROM outbox ORDER BY id'))
      .flatMap(({ messages }) => unpackMessages(messages))
      .filter(({ headers }) => headers['ce_type'] === 'venue.sent.v1')
      .map(({ value }) => (JSON.parse(value) as { items: SentItem[] }).items);

  it('reports each minute, once for all instances, what was claimed to be sent and nothing else', async () => {
    const [sent, waiting] = [
      submitCommand(randomUUIDv7(), { amount: '3.111' }),
      submitCommand(randomUUIDv7()),
    ];
    await queue.take(sent);
    await queue.claim('a');
    await queue.take(waiting);
    await passed(60);

    const both = await Promise.all(reports.map((report) => report.report()));
    expect(both.map(({ sent: count }) => count).toSorted()).toEqual([0, 1]);
    expect((await reported()).flat()).toEqual([
      {
        withdrawalId: sent.data.withdrawalId,
        accountId: sent.data.accountId,
        asset: 'USDT.ETH',
        amount: '3.111',
        recipientDigest: recipientDigest(destinationOf(sent.data.destination)),
        digest: sent.data.digest,
      },
    ]);
    expect(await reports[0]?.report()).toMatchObject({ sent: 0 });
  });

  it('leaves a report that another instance is making to that one, and does not wait for it', () =>
    queue.database.withClient(async (another) => {
      await passed(60);
      await another.query('BEGIN; SELECT FROM sent_report FOR UPDATE');

      expect(await reports[0]?.report()).toMatchObject({ sent: 0, isBehind: false });
      await another.query('ROLLBACK');
      expect(await reports[0]?.report()).toMatchObject({ sent: 1 });
    }));

  it('reports in small messages after a pause, and the last minute of each span again', async () => {
    await queue.database.query('DELETE FROM submission; DELETE FROM outbox');
    const ids = Array.from({ length: 501 }, () => randomUUIDv7());
    await queue.take(...ids.map((id) => submitCommand(id)));
    for (let claimed = 1; claimed > 0;) claimed = (await queue.claim('a')).length;
    await passed(120);

    expect(await reports[0]?.report()).toMatchObject({ sent: 501 });
    const messages = await reported();
    expect(messages.map(({ length }) => length)).toEqual([100, 100, 100, 100, 100, 1]);
    expect(messages.flat().map(({ withdrawalId }) => withdrawalId)).toEqual(ids.toSorted());
    await passed(55);
    expect(await reports[1]?.report()).toMatchObject({ sent: 0 });
  });

  it('does not repeat what its last report has said, where the next reads it again; another instance does', async () => {
    await queue.database.query('DELETE FROM submission');
    await queue.take(submitCommand(randomUUIDv7()));
    await queue.claim('a');
    const longAgo = new Date(Date.now() - 7_200_000);
    const sinceThen = (minutes: number) => new Date(longAgo.getTime() + minutes * 60_000);
    const goOnFrom = (at: Date) =>
      queue.database.query('UPDATE sent_report SET reported_to = $1', [at]);
    await queue.database.query('UPDATE submission SET intended_at = $1', [sinceThen(59.5)]);

    await goOnFrom(longAgo);
    expect(await reports[0]?.report()).toMatchObject({ sent: 1, isBehind: true });
    expect(await reports[0]?.report()).toMatchObject({ sent: 0 });

    await goOnFrom(sinceThen(60));
    expect(await reports[1]?.report()).toMatchObject({ sent: 1 });
  });

  describe('and of what was paid', () => {
    interface Paid {
      readonly withdrawalIds: readonly string[];
      readonly from?: string;
      readonly to?: string;
    }
    const paidReports = async () =>
      (await queue.database.query<{ messages: Buffer }>('SELECT messages FROM outbox ORDER BY id'))
        .flatMap(({ messages }) => unpackMessages(messages))
        .filter(({ headers }) => headers['ce_type'] === 'venue.paid.v1')
        .map(({ value }) => JSON.parse(value) as Paid);
    const report = async () => {
      await queue.database.query('DELETE FROM outbox');
      await passed(60);
      await reports[0]?.report();
      return paidReports();
    };
    const settle = async () => {
      const ids = await queue.submit(null);
      await queue.outcome(await queue.claim('a'), {
        kind: 'accepted',
        venueReference: `v ${ids.join()}`,
        evidence: NO_ANSWER,
      });
      await queue.database.query(
        `UPDATE submission SET state = 'settled', finished_at = clock_timestamp() - interval '6 seconds', next_action_at = NULL WHERE withdrawal_id = ANY ($1)`,
        [ids],
      );
      return ids;
    };

    it('names what has settled, each time where the one before has ended, also when there is nothing', async () => {
      const ids = await settle();
      const [first] = await report();
      expect(first?.withdrawalIds).toEqual(ids);

      await queue.database.query(
        'UPDATE submission SET finished_at = finished_at - interval $$5 min$$',
      );
      const [second] = await report();
      expect(second).toMatchObject({ withdrawalIds: [] });
      expect(Date.parse(second?.from ?? '')).toBeCloseTo(Date.parse(first?.to ?? '') - 60_000, -1);
    });

    it('names what has settled while the clock of the database was set back', async () => {
      const ids = await queue.submit(null);
      await queue.outcome(await queue.claim('a'), {
        kind: 'accepted',
        venueReference: `v ${ids.join()}`,
        evidence: NO_ANSWER,
      });
      await queue.database.query(
        `UPDATE sent_report SET reported_to = clock_timestamp() + interval '2 minutes'`,
      );
      await queue.database.query(APPLY_VERDICTS, [
        JSON.stringify(ids.map((id) => ({ withdrawal_id: id, verdict: 'settled' }))),
      ]);
      await queue.database.query(
        `UPDATE submission SET finished_at = finished_at - interval '3 minutes' WHERE withdrawal_id = ANY ($1)`,
        [ids],
      );
      await passed(120); // and a minute more

      expect(await report()).toMatchObject([{ withdrawalIds: expect.arrayContaining(ids) }]);
    });

    it('comes again from where intake-api misses it', async () => {
      const ids = await settle();
      await report();
      const since = new Date(Date.now() - 300_000).toISOString();
      await queue.take({
        id: randomUUIDv7(),
        source: 'intake-api',
        subject: NO_WITHDRAWAL,
        time: new Date().toISOString(),
        type: 'venue.report-again.v1',
        data: { withdrawalId: NO_WITHDRAWAL, since },
      });

      expect(await report()).toMatchObject([{ withdrawalIds: expect.arrayContaining(ids) }]);
    });
  });
});
