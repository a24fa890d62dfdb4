import { randomUUIDv7 } from 'node:crypto';
import { openHalts } from '@sluice/service-shell';
import { checkInvariants, sweep } from '@sluice/postgres';
import { withTestPostgres, type TestPostgres } from '@sluice/test-servers';
import { byTwo, TABLES, tablesInDocs } from '@sluice/test-kit';
import { submitCommand, TestQueue, NO_ANSWER } from '../testkit/given-queue.js';
import { AN_ATTEMPT } from '../testkit/given-tables.js';

const FOLDER = new URL('./invariants/', import.meta.url);
const DAY_MS = 86_400_000;
const STATES = [
  'prepared',
  'sending',
  'accepted',
  'unknown',
  'repeating',
  'undecided',
  'disputed',
  'refused',
  'settled',
  'failed',
];

let postgres: TestPostgres;
let queue: TestQueue;
beforeAll(async () => void (postgres = await withTestPostgres()));
beforeEach(async () => void (queue = await TestQueue.start(postgres)));
afterEach(() => queue.close());
afterAll(() => postgres.stop());

const idOf = (daysAgo: number): string => {
  const hex = (Date.now() - daysAgo * DAY_MS).toString(16).padStart(12, '0');
  return `${hex.slice(0, 8)}-${hex.slice(8)}${randomUUIDv7().slice(13)}`;
};
const sql = <R extends object>(text: string, params: readonly unknown[] = []) =>
  queue.database.query<R>(text, params);
/** Two calls of the housekeeping, minutes apart. */
const keep = async () => {
  for (let call = 0; call < 2; call++) {
    await sql(`UPDATE retention SET cutoff_set_at = cutoff_set_at - interval '3 minutes'`);
    await sweep(queue.service, { days: 30 });
  }
};
/** Ordered 60 days ago, sent, taken by the venue, and settled so many days ago. */
const givenSettled = async (...daysAgo: readonly number[]): Promise<string[]> => {
  const ids = daysAgo.map(() => idOf(60));
  await queue.take(...ids.map((id) => submitCommand(id)));
  for (const claim of await queue.claim('a')) {
    await queue.outcome([claim], {
      kind: 'accepted',
      venueReference: `v ${randomUUIDv7()}`,
      evidence: NO_ANSWER,
    });
  }
  for (const [n, id] of ids.entries()) {
    await sql(
      `UPDATE submission SET state = 'settled', next_action_at = NULL, created_at = now() - interval '60 days', finished_at = now() - make_interval(days => $2) WHERE withdrawal_id = $1`,
      [id, daysAgo[n]],
    );
  }
  return ids;
};
const left = async () =>
  (await sql<{ withdrawal_id: string }>('SELECT withdrawal_id FROM submission')).map(
    (row) => row.withdrawal_id,
  );

describe('submissions that ended long ago', () => {
  it('leave with their attempts, cases and decisions; young ones stay', async () => {
    const [old = '', young = ''] = await givenSettled(40, 20);
    await sql(
      `INSERT INTO submission_case (withdrawal_id, kind, text, opened_at) SELECT withdrawal_id, 'k', 't', now() - interval '35 days' FROM submission`,
    );
    await sql(
      `INSERT INTO decision (withdrawal_id, attempt, from_state, decision, evidence, decided_by, confirmed_by, decided_at)
       SELECT withdrawal_id, 1, 'unknown', 'paid', 'seen', 'a', 'b', now() - interval '36 days' FROM submission`,
    );
    await sql(
      `UPDATE submission SET attempt_state = 'not_sent', intended_at = now() - interval '45 days'`,
    );
    await sql(
      `UPDATE submission SET attempt = 2, begun = 2, attempt_state = 'accepted', serial_number = serial_number + 2`,
    );
    await sql('UPDATE sending SET last = 4');

    await keep();

    expect(await left()).toEqual([young]);
    for (const table of ['former_attempt', 'submission_case', 'decision'])
      expect(await sql(`SELECT FROM ${table}`)).toHaveLength(1);
    expect(await sql('SELECT number FROM attempt ORDER BY number')).toEqual([
      { number: 1 },
      { number: 2 },
    ]);
    expect(await sql('SELECT FROM attempt WHERE withdrawal_id = $1', [old])).toEqual([]);
    const { violations } = await checkInvariants(queue.service, FOLDER);
    expect(violations.filter(({ invariant }) => !invariant.startsWith('outbox-drains'))).toEqual(
      [],
    );
  });

  it('leave in a state that is final and in no other', async () => {
    for (const state of STATES) {
      await sql(
        `INSERT INTO submission (withdrawal_id, account_id, form, asset, amount, destination, client_reference, state, created_at, finished_at, venue_reference, lease_token, digest, fee, key_id, order_mac, timed_receipt, unsent_seal, ${Object.keys(AN_ATTEMPT).join(', ')})
         VALUES ($1::uuid, $1::uuid, 'pay', 'USDT.ETH', 1, '{}', $2::text, $2::text, now() - interval '60 days', now() - interval '40 days', $2::text, CASE WHEN $2::text IN ('sending', 'repeating') THEN 1 END, '', 0, '', '', '', '', ${Object.values(AN_ATTEMPT).join(', ')})`,
        [idOf(60), state],
      );
    }
    await sql('UPDATE sending SET last = (SELECT count(*) FROM attempt)');
    await keep();
    expect(
      (await sql<{ state: string }>('SELECT state FROM submission ORDER BY seq')).map(
        ({ state }) => state,
      ),
    ).toEqual(STATES.slice(0, 7));
  });

  it('stay while a case or a decision is younger', async () => {
    const [first = '', second = ''] = await givenSettled(40, 40, 40);
    await sql(
      `INSERT INTO submission_case (withdrawal_id, kind, text) VALUES ($1, 'paid_twice', 'seen yesterday')`,
      [first],
    );
    await sql(
      `INSERT INTO decision (withdrawal_id, attempt, from_state, decision, evidence, decided_by, confirmed_by) VALUES ($1, 1, 'disputed', 'paid', 'seen', 'a', 'b')`,
      [second],
    );
    await keep();
    expect((await left()).sort()).toEqual([first, second].sort());
  });

  it('are not sent again when their order comes once more: it is refused by its age, and nothing of it is stored', async () => {
    const [old = ''] = await givenSettled(40);
    await keep();
    expect(await left()).toEqual([]);

    await expect(queue.orderAgain(old)).rejects.toThrow('older than what is kept here');

    expect(await left()).toEqual([]);
    expect(await queue.claim('a')).toEqual([]);
    await queue.take(submitCommand(idOf(20)), submitCommand(randomUUIDv7()));
    expect(await queue.claim('a')).toHaveLength(2);
  });

  it('are refused by their age minutes before the first of them leaves', async () => {
    await sweep(queue.service, { days: 30 });
    await expect(queue.orderAgain(idOf(31))).rejects.toThrow('older than what is kept here');
  });

  it("no table is without an entry in the operators' manual", async () => {
    const tables = await queue.database.query<{ name: string }>(TABLES);
    expect(tables.map(({ name }) => name).sort()).toEqual(tablesInDocs('connectors'));
  });

  it('a record of the venue that was explained leaves in time, one that nobody has explained never', async () => {
    await sql(
      `INSERT INTO unclaimed_record (venue_reference, form, equality_keys, amount_key, gross, venue_status, created_at, seen_at, closed_at, closed_because)
       SELECT v, 'pay', '{}', 'USDT 1', '1', 'DONE', now() - interval '50 days', now() - interval '50 days', at, CASE WHEN at IS NOT NULL THEN 'seen' END
         FROM (VALUES ('explained', now() - interval '40 days'), ('explained lately', now()), ('open', NULL)) AS k(v, at)`,
    );
    await keep();
    expect(await sql('SELECT venue_reference FROM unclaimed_record ORDER BY 1')).toEqual([
      { venue_reference: 'explained lately' },
      { venue_reference: 'open' },
    ]);
  });

  it('a lifted halt leaves in time, one in force never', async () => {
    const halts = queue.halts;
    const opened = await queue.unitOfWork.run((tx) =>
      openHalts(
        tx,
        ['a', 'b', 'c'].map((subject) => ({ reason: 'paid_twice', subject, details: 'd' })),
        'connector',
      ),
    );
    for (const { id } of opened.slice(1)) await byTwo((caller) => halts.lift(id, 'ticket', caller));
    await sql(`UPDATE halt SET opened_at = now() - interval '90 days'`);
    await sql(`UPDATE halt SET lifted_at = now() - interval '31 days' WHERE subject = 'b'`);
    await keep();
    expect((await halts.list()).map(({ subject }) => subject).sort()).toEqual(['a', 'c']);
  });
});
