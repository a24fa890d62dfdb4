import { withTestPostgres } from '@sluice/test-servers';
import { CONNECTOR_GAUGES } from './connector-gauges.js';
import { OVERDUE_GAUGE } from './overdue.js';
import { TestQueue, NO_ANSWER } from './testkit/given-queue.js';

it('the gauges count submissions that have not ended by state, and cases by kind', async () => {
  const postgres = await withTestPostgres();
  const queue = await TestQueue.start(postgres);
  await queue.submit(null, null);
  const [first, second] = await queue.claim('a');
  if (!first || !second) throw new Error('two were to be claimed');
  await queue.outcome([first], { kind: 'accepted', venueReference: 'v1', evidence: NO_ANSWER });
  await queue.outcome([second], { kind: 'unknown', cause: 'time-out', evidence: NO_ANSWER });
  await queue.outcome([second], { kind: 'accepted', venueReference: 'v2', evidence: NO_ANSWER }); // late: its claim has ended
  await queue.submit(null);

  const [submissions, cases] = await Promise.all(
    CONNECTOR_GAUGES.map(({ sql }) => queue.database.query(sql)),
  );

  expect(submissions).toEqual([
    { state: 'prepared', value: 1 },
    { state: 'unknown', value: 1 },
    { state: 'accepted', value: 1 },
  ]);
  expect(cases).toEqual([{ kind: 'late_outcome', value: 1 }]);
  await queue.database.query(
    `UPDATE submission SET created_at = now() - interval '3 hours', given_up_at = now() - interval '1 hour'`,
  );
  expect(await queue.database.query(OVERDUE_GAUGE.sql)).toEqual([
    { machine: 'submission', state: 'prepared', value: 1 },
    { machine: 'submission', state: 'unknown', value: 1 },
  ]);
  await queue.close();
  await postgres.stop();
});
