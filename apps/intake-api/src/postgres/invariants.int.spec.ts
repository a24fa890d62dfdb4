import { readdirSync, readFileSync } from 'node:fs';
import { checkInvariants, type Database } from '@sluice/postgres';
import { createLogger } from '@sluice/service-shell';
import { testDatabase } from '@sluice/test-servers';
import { TRANSITIONS } from '@sluice/withdrawal-core';
import { ALONE } from '../testkit/given-api.js';
import { KeyChanges } from '../api-keys/key-changes.js';
import { KeyStore } from '../api-keys/key-store.js';
import { SecretBox } from '../api-keys/sealed-secret.js';
import { anOrder, KEK } from '../testkit/a-withdrawal.js';
import { givenAccount, givenInstance, type TestInstance } from '../testkit/given-intake.js';
import { allPaths, anEvent } from '../testkit/inbound-events.js';
import { givenSaga, placeOrder } from '../testkit/given-saga.js';

const BOX = new SecretBox({ secretsKeks: [KEK] });
const A_KEY = { label: 'x', permissions: [], rateLimit: 1, allowedIps: [], expiresInDays: 0 };
const FOLDER = new URL('./invariants/', import.meta.url);

/** For each invariant a statement that breaks it, and as few others as can be; `$1` is a completed withdrawal, `$2` a failed one. */
const PLANTED: Readonly<Record<string, { sql: string; also?: readonly string[] }>> = {
  'one-withdrawal-per-client-reference': {
    sql: `DROP INDEX withdrawal_reference;
          UPDATE withdrawal SET client_reference = 'twice' WHERE id IN ($1, $2)`,
  },
  'key-generations-are-whole': {
    sql: `INSERT INTO api_key SELECT (jsonb_populate_record(k, '{"generation": 3, "revoked_at": null}')).* FROM api_key k WHERE generation = 2`,
  },
  'terms-only-grow': {
    sql: `INSERT INTO network_terms (network, version, effective_at, requested_by, approved_by, active) VALUES ('ETH', 2, now(), 'ada', 'peter', true)`,
  },
  'outbox-drains': {
    sql: `INSERT INTO outbox (keys, messages, created_at) VALUES ('{}', '[]', clock_timestamp() - interval '31 seconds')`,
  },
  'allowed-transitions': {
    sql: `UPDATE withdrawal SET steps = jsonb_set(steps, '{2,2}', '"broadcast"') WHERE id = $1`,
  },
  'history-is-whole': {
    sql: `UPDATE withdrawal SET first_step = '[2, "requested", "requested", null, null, 1]' WHERE id = $1`,
  },
  'events-are-counted': {
    sql: `UPDATE withdrawal SET published = published + 1 WHERE id = $1`,
  },
  'final-state-is-final': {
    sql: `UPDATE withdrawal SET steps = steps || jsonb_build_array(jsonb_build_array(sequence + 1, 'refused', state, NULL, NULL, 1)), sequence = sequence + 1, published = published + 1 WHERE id = $2`,
    also: ['allowed-transitions'],
  },
  'completed-is-evidenced': {
    sql: `UPDATE withdrawal SET venue_reference = NULL WHERE id = $1`,
  },
  'venue-reference-once': {
    sql: `UPDATE withdrawal SET venue_reference = 'the same' WHERE id IN ($1, $2)`,
  },
  'hold-released-on-proof': {
    sql: `UPDATE withdrawal SET steps = (
            SELECT jsonb_agg(CASE WHEN step ->> 1 IN ('refused', 'failed', 'cancelled') THEN jsonb_set(step, '{1}', '"outcome_unknown"') ELSE step END)
              FROM jsonb_array_elements(steps) AS step) WHERE id = $2`,
  },
  'ended-is-listed': {
    sql: `DELETE FROM ended_withdrawal e USING withdrawal w WHERE w.number = e.number AND w.id = $1`,
  },
  'ledger-has-what-was-paid': {
    sql: `INSERT INTO ledger_difference (withdrawal_id, kind, detail) VALUES ($1, 'capture_missing', 'its hold is placed')`,
  },
  'no-withdrawal-is-lost': {
    sql: `INSERT INTO lost_withdrawal (withdrawal_id, account_id, asset, amount, state, placed_at)
          SELECT gen_random_uuid(), account_id, 'USDT.ETH', 1, 'placed', now() FROM withdrawal WHERE id = $1`,
  },
  'next-venue-on-proof': { sql: `UPDATE withdrawal SET tried = '{bybit}' WHERE id = $1` },
  'sent-only-what-was-asked': {
    sql: `INSERT INTO withdrawal_case (withdrawal_id, message_id, state, trigger) VALUES ($1, 'sent', 'completed', 'sent_not_as_asked')`,
  },
  'nothing-taken-while-halted': {
    sql: `INSERT INTO halt (scope, target, reason, subject, details, opened_by, opened_at)
          SELECT 'account', account_id::text, 'operator', 's', 'd', 'A', requested_at - interval '1 minute' FROM withdrawal WHERE id = $1`,
  },
  'booked-as-paid-was-paid': {
    sql: `INSERT INTO venue_report (venue, since, reported_to) SELECT venue, requested_at - interval '1 hour', confirmed_at + interval '31 seconds' FROM withdrawal WHERE id = $1`,
  },
  'venues-report-what-they-paid': {
    sql: `INSERT INTO venue_report (venue, since, reported_to, received_at) VALUES ('gateio', now(), now(), now() - interval '301 seconds')`,
  },
  'nothing-waits-too-long': {
    sql: `UPDATE withdrawal SET steps = steps - -1, state = 'capturing', sequence = sequence - 1, published = published - 1, updated_at = clock_timestamp() - interval '301 seconds' WHERE id = $1`,
  },
};

describe('invariants', () => {
  let intake: TestInstance;
  let completed: string;
  let failed: string;
  beforeAll(async () => {
    intake = await givenInstance(await testDatabase('intake'));
    const ids = await givenOneOfEachPath(intake);
    [completed, failed] = [ids.get('hold_captured') ?? '', ids.get('hold_released') ?? ''];
    await intake.database.query('TRUNCATE outbox');
  });
  afterAll(() => intake.close());

  /** The names of those that fire after a statement, which is then undone. */
  const namesAfter = (sql: string) =>
    intake.database.withClient(async (client) => {
      await client.query(`BEGIN; SET LOCAL session_replication_role = replica; ${sql}`);
      try {
        const query: Database['query'] = async (text, params = []) =>
          (await client.query(text, [...params])).rows;
        return (await checkInvariants({ query }, FOLDER)).violations.map(
          ({ invariant }) => invariant.split(':', 1)[0],
        );
      } finally {
        await client.query('ROLLBACK');
      }
    });

  it('hold for withdrawals that took every path, and each had rows to look at', async () => {
    const { violations, populations } = await checkInvariants(intake.service, FOLDER);
    expect(violations).toEqual([]);
    const { cases, outbox, ...looked } = populations;
    expect([cases, outbox]).toEqual([0, 0]);
    for (const [population, rows] of Object.entries(looked))
      expect([population, rows > 0]).toEqual([population, true]);
  });

  it('have a planted violation each', () => {
    const names = readdirSync(FOLDER).map((name) => name.replace(/\.sql$/, ''));
    expect(names.filter((name) => name !== 'populations').sort()).toEqual(
      Object.keys(PLANTED).sort(),
    );
  });

  it.each(Object.entries(PLANTED))(
    '%s sees its violation, and no other invariant does without need',
    async (name, { sql, also = [] }) => {
      const filled = sql.replaceAll('$1', `'${completed}'`).replaceAll('$2', `'${failed}'`);
      expect((await namesAfter(filled)).sort()).toEqual([name, ...also].sort());
    },
  );

  const toAddress = (
    amount: string,
  ) => `INSERT INTO venue_payment (venue, record, payment_key, made_at)
    SELECT venue, 'r', currency || ' ' || ${amount} || ' address:' || lower(destination ->> 'address') || ':', requested_at`;
  const toCid = (
    before: string,
  ) => `UPDATE withdrawal SET destination = '{"type":"venue_account","kind":"cid","value":"1"}';
    INSERT INTO venue_payment (venue, record, made_at) SELECT venue, 'r', requested_at - interval '${before}'`;
  const toEmail = (
    account: string,
  ) => `UPDATE withdrawal SET destination = '{"type":"venue_account","kind":"email","value":"a+b@example.com"}';
    INSERT INTO venue_payment (venue, record, payment_key, made_at)
    SELECT venue, 'r', currency || ' ' || trim_scale(amount) || ' address:${account}:', requested_at`;

  it.each([
    ['no payment without our reference, of another amount', toAddress('0.5'), false],
    ['one of its recipient and amount', toAddress('trim_scale(amount)'), true],
    ['one to an account at the venue, while the withdrawal was open', toCid('0 seconds'), true],
    ['none to an account at the venue, made a minute before', toCid('60 seconds'), false],
    ['one of this account, listed as an address', toEmail('a%2Bb%40example.com'), true],
    ['none of another account, listed as an address', toEmail('b%40example.com'), false],
  ])('booked-as-paid-was-paid accepts %s', async (_what, lost, accepts) => {
    const { sql } = PLANTED['booked-as-paid-was-paid'] ?? { sql: '' };
    const planted = sql.replaceAll('$1', `'${completed}'`);
    expect(
      await namesAfter(`${planted}; ${lost} FROM withdrawal WHERE id = '${completed}'`),
    ).toEqual(accepts ? [] : ['booked-as-paid-was-paid']);
  });

  it('allowed-transitions lists the very steps of the state machine', () => {
    const listed = [
      ...readFileSync(new URL('allowed-transitions.sql', FOLDER), 'utf8').matchAll(
        /\((NULL|'\w+'), '(\w+)'\)/g,
      ),
    ].map(([, from = '', to = '']) => `${from.replaceAll("'", '')} → ${to}`);
    const steps = Object.entries(TRANSITIONS).flatMap(([from, exits]) =>
      Object.values(exits).map((to: string) => `${from} → ${to}`),
    );
    expect(listed.sort()).toEqual(['NULL → requested', ...new Set(steps)].sort());
  });
});

/** A withdrawal for every path of the state machine; answers the last one that ended by each trigger. */
async function givenOneOfEachPath({
  database,
  unitOfWork,
}: TestInstance): Promise<Map<string, string>> {
  const accountId = await givenAccount(database);
  const keyStore = new KeyStore(database, BOX, createLogger('test', 'silent'));
  const keys = new KeyChanges(unitOfWork, keyStore, BOX);
  const { keyId } = await keys.create({ ...A_KEY, accountId }, ALONE);
  await keys.revoke(keyId);
  const saga = givenSaga({ unitOfWork, service: database });
  const last = new Map<string, string>();
  const messages = await Promise.all(
    allPaths().map(async (path, n) => {
      const order = anOrder({ accountId, clientReference: `path ${n}` });
      const { stored } = await placeOrder({ unitOfWork }, order);
      const { id } = stored.withdrawal.order;
      last.set(path.at(-1) ?? '', id);
      return path.map((trigger) => anEvent(id, trigger));
    }),
  );
  await saga.take(messages.flat());
  return last;
}
