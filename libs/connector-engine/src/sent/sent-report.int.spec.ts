import { randomUUIDv7 } from 'node:crypto';
import { destinationOf } from '@sluice/destination';
import { recipientDigest, type SentItem } from '@sluice/messages';
import { unpackMessages } from '@sluice/postgres';
import { createLogger } from '@sluice/service-shell';
import { withTestPostgres, type TestPostgres } from '@sluice/test-servers';
import { submitCommand, TestQueue } from '../testkit/given-queue.js';
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
      ['attempt', 'intended_at'],
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
      .flatMap(({ value }) => (JSON.parse(value) as { items: SentItem[] }).items);

  it('reports each minute, once for all instances, what was claimed to be sent and nothing else', async () => {
    const [sent, waiting] = [
      submitCommand(randomUUIDv7(), { amount: '3.111' }),
      submitCommand(randomUUIDv7()),
    ];
    await queue.take(sent);
    await queue.claim('a');
    await queue.take(waiting);
    await passed(60);

    expect((await Promise.all(reports.map((report) => report.report()))).toSorted()).toEqual([
      0, 1,
    ]);
    expect(await reported()).toEqual([
      {
        withdrawalId: sent.data.withdrawalId,
        accountId: sent.data.accountId,
        asset: 'USDT.ETH',
        amount: '3.111',
        recipientDigest: recipientDigest(destinationOf(sent.data.destination)),
        digest: sent.data.digest,
      },
    ]);
    expect(await reports[0]?.report()).toBe(0);
  });

  it('reports in batches after a pause, and the last minute of each span again', async () => {
    await queue.database.query('DELETE FROM attempt; DELETE FROM submission');
    await queue.take(...Array.from({ length: 501 }, () => submitCommand(randomUUIDv7())));
    for (let claimed = 1; claimed > 0;) claimed = (await queue.claim('a')).length;
    await passed(120);

    expect(await reports[0]?.report()).toBe(501);
    await passed(55);
    expect(await reports[1]?.report()).toBe(0);
  });
});
