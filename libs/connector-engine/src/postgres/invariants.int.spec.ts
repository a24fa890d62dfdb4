import { randomUUIDv7 } from 'node:crypto';
import type { FormCapabilities, VenueCapabilities } from '@sluice/connector-rules';
import {
  checkInvariants,
  Outbox,
  UnitOfWork,
  type Database,
  type InvariantReport,
} from '@sluice/postgres';
import { withTestPostgres, type TestPostgres } from '@sluice/test-servers';
import { SubmitHandler } from '../commands/submit-handler.js';
import { Outcomes } from '../queue/outcomes.js';
import { ClaimCommits } from '../queue/claim-commits.js';
import { SubmissionQueue } from '../queue/submission-queue.js';
import { RatePlan } from '../rate/rate-plan.js';
import {
  ANY_PERMIT,
  givenCeilings,
  NOTHING_ADDED,
  NOTHING_LIFTED,
  QUIET,
  submitCommand,
} from '../testkit/given-queue.js';
import {
  ANY_ORDER,
  givenTables,
  TEST_AUTHORITY,
  type TestTables,
  WITHOUT_ATTEMPT,
} from '../testkit/given-tables.js';
import { EventWriter } from '../wire/event-writer.js';

const CHAIN: FormCapabilities = {
  form: 'chain',
  destination: 'address',
  accountKinds: [],
  assets: ['USDT.ETH'],
  recovery: 'search',
  absence: { emptyLookups: 3, afterMs: 1_000 },
  honoured: { forMs: 0, source: 'a venue that forgets at once' },
  maxResends: 1,
  cancellable: false,
  submitEndpoint: 'POST /pay',
};
const PUSH: FormCapabilities = {
  ...CHAIN,
  form: 'push',
  destination: 'venue_account',
  accountKinds: ['uid'],
  recovery: 'none',
};
const CAPABILITIES: VenueCapabilities = { venue: 'testvenue', forms: [CHAIN, PUSH] };
const DESTINATIONS = [
  { type: 'address', address: '0xabc' },
  { type: 'venue_account', kind: 'uid', value: '7' },
] as const;
const events = new EventWriter('testvenue', TEST_AUTHORITY);

let postgres: TestPostgres;
let tables: TestTables;
let database: Database;
let id: string;

beforeAll(async () => void (postgres = await withTestPostgres()));
beforeEach(async () => {
  tables = await givenTables(postgres, 'invariants');
  ({ database } = tables);
  id = await givenAccepted();
});
afterEach(() => tables.close());
afterAll(() => postgres.stop());

/** One accepted payment of each form; nothing follows them, so that a planted fault stays as it is. Answers the id of the first. */
async function givenAccepted(): Promise<string> {
  const outbox = new Outbox(tables.service);
  outbox.onCommitted((row) => void outbox.remove([row.id]));
  const unitOfWork = new UnitOfWork(tables.service, 'invariants', outbox);
  const plan = new RatePlan(tables.service, { 'POST /pay': { limit: 1_000, perMs: 1 } });
  await plan.install();
  const commands = DESTINATIONS.map((destination, n) =>
    submitCommand(randomUUIDv7(), { amount: String(n + 5), destination }),
  );
  await unitOfWork.run((tx) =>
    new SubmitHandler(CAPABILITIES, events, plan, { isThrough: true }, NOTHING_ADDED).insert(
      tx,
      commands,
    ),
  );
  const queue = new SubmissionQueue(
    unitOfWork,
    'me',
    ANY_ORDER,
    {
      ceilings: givenCeilings(CAPABILITIES.forms),
      lifts: NOTHING_LIFTED,
      permits: ANY_PERMIT,
    },
    new ClaimCommits(unitOfWork, QUIET),
  );
  for (const form of CAPABILITIES.forms) {
    const due = await queue.peek(form, 10);
    const claims = await queue.claim(
      due.map((order) => ({
        order,
        request: { form: form.form, body: '{}', gross: order.amount, evidence: {} },
      })),
      60_000,
      new Date(),
    );
    const evidence = { status: 200, body: '{}' };
    await new Outcomes(
      unitOfWork,
      events,
      { refusalLookupAfterMs: 0 },
      ANY_ORDER,
      CAPABILITIES,
    ).store(
      claims.map((claim) => ({
        claim,
        outcome: { kind: 'accepted', venueReference: `v-${form.form}`, evidence },
      })),
    );
  }
  return commands[0]?.data.withdrawalId ?? '';
}

const check = (): Promise<InvariantReport> =>
  checkInvariants(tables.service, new URL('./invariants/', import.meta.url));
const ANOTHER_ATTEMPT = `INSERT INTO former_attempt (withdrawal_id, number, state, client_reference, request, request_seal, gross, evidence, lease_token, intended_at, venue_time, serial_number)
  SELECT withdrawal_id, 2, 'unknown', client_reference, request, request_seal, gross, evidence, lease_token, intended_at, venue_time, serial_number + 2 FROM attempt`;

/** In force since a minute before all that was sent, and seen by its claims. */
function givenHalt(scope: string, target: string | null): string {
  return `WITH h AS (INSERT INTO halt (scope, target, reason, subject, details, opened_by, opened_at)
          VALUES ('${scope}', ${target ?? 'NULL'}, 'ceiling', 's', 'd', 'A', now() - interval '1 minute') RETURNING id)
          UPDATE submission SET halt_seen = h.id FROM h`;
}

function givenBreak(kind: string, halt: string): string {
  const id = halt === '' ? '(SELECT id FROM halt)' : halt;
  return `INSERT INTO break (kind, subject, details, halt_id) VALUES ('${kind}', 's', 'd', ${id})`;
}

const PLANTED: readonly (readonly [invariant: string, ...statements: string[]])[] = [
  [
    'venue-reference-claimed-once',
    'DROP INDEX submission_reference_of_form',
    `UPDATE submission SET venue_reference = 'v', form = 'chain'`,
  ],
  [
    'nothing-given-up-while-the-venue-may-pay',
    `UPDATE submission SET state = 'refused' WHERE withdrawal_id = $1`,
  ],
  [
    'nothing-given-up-while-the-venue-may-pay',
    `UPDATE submission SET state = 'failed' WHERE withdrawal_id = $1`,
    `UPDATE submission SET attempt_state = 'unknown' WHERE withdrawal_id = $1`,
  ],
  [
    'nothing-given-up-while-the-venue-may-pay',
    `UPDATE submission SET state = 'failed', reason = 'rejected' WHERE withdrawal_id = $1`,
  ],
  [
    'one-live-attempt',
    'ALTER TABLE former_attempt DROP CONSTRAINT former_attempt_state_check',
    ANOTHER_ATTEMPT,
  ],
  ['one-live-attempt', `UPDATE submission SET state = 'prepared' WHERE withdrawal_id = $1`],
  ['one-live-attempt', `UPDATE submission SET attempt = 2 WHERE withdrawal_id = $1`],
  [
    'one-undecided-equal',
    'DROP INDEX submission_one_undecided_equal',
    `UPDATE submission SET state = 'unknown', form = 'push', equality_key = 'same', next_action_at = now()`,
  ],
  [
    'client-reference-unique',
    `UPDATE submission SET attempt_reference = 'another' WHERE withdrawal_id = $1`,
  ],
  [
    'nothing-overdue',
    `UPDATE submission SET next_action_at = now() - interval '6 minutes' WHERE withdrawal_id = $1`,
  ],
  [
    'nothing-overdue',
    `UPDATE submission SET state = 'unknown', next_action_at = NULL WHERE withdrawal_id = $1`,
  ],
  [
    'nothing-overdue',
    `UPDATE submission SET state = 'repeating', lease_token = 1, next_action_at = now() - interval '6 minutes' WHERE withdrawal_id = $1`,
  ],
  [
    'nothing-overdue',
    `UPDATE submission SET intended_at = now() - interval '1 hour'`,
    `UPDATE submission SET state = 'prepared', next_action_at = now() - interval '6 minutes' WHERE withdrawal_id = $1`,
  ],
  ['nothing-overdue', `UPDATE submission SET state = 'disputed' WHERE withdrawal_id = $1`],
  [
    'nothing-begun-after-its-deadline',
    `UPDATE submission SET not_after = now() - interval '1 hour' WHERE withdrawal_id = $1`,
  ],
  [
    'nothing-begun-after-its-deadline',
    `UPDATE submission SET reason = 'expired' WHERE withdrawal_id = $1`,
  ],
  ['nothing-begun-while-halted', givenHalt('venue', null)],
  ['nothing-begun-while-halted', givenHalt('all', null)],
  ['nothing-begun-while-halted', givenHalt('asset', `'USDT.ETH'`)],
  [
    'nothing-begun-while-halted',
    givenHalt('account', '(SELECT account_id::text FROM submission LIMIT 1)'),
  ],
  [
    'nothing-begun-while-halted',
    `UPDATE submission SET key_id = 'ck_1' WHERE withdrawal_id = $1`,
    givenHalt('key', `'ck_1'`),
  ],
  ['attempts-numbered-without-gaps', 'DELETE FROM submission WHERE withdrawal_id <> $1'],
  [
    'attempts-numbered-without-gaps',
    'ALTER TABLE submission DISABLE TRIGGER USER',
    `UPDATE submission SET ${WITHOUT_ATTEMPT} WHERE withdrawal_id = $1`,
  ],
  [
    'attempts-numbered-without-gaps',
    'ALTER TABLE submission DISABLE TRIGGER USER',
    'DELETE FROM submission WHERE withdrawal_id = $1',
  ],
  [
    'attempts-numbered-without-gaps',
    'ALTER TABLE submission DISABLE TRIGGER USER',
    'DELETE FROM submission WHERE withdrawal_id <> $1',
  ],
  ['attempts-numbered-without-gaps', 'UPDATE sending SET last = last - 1'],
  ['attempts-numbered-without-gaps', 'UPDATE sending SET last = last + 1'],
  ['attempts-numbered-without-gaps', 'UPDATE sending SET swept_to = last'],
  ['attempts-numbered-without-gaps', 'DELETE FROM sending'],
  ['break-has-its-halt', givenHalt('venue', null), givenBreak('orphan', '')],
  [
    'break-has-its-halt',
    givenHalt('venue', null),
    `UPDATE halt SET lifted_at = now() - interval '10 seconds', lifted_by = 'A', lift_approved_by = 'B', lift_evidence = 'b'`,
    givenBreak('ceiling', ''),
  ],
  [
    'break-has-its-halt',
    'ALTER TABLE break DROP CONSTRAINT break_halt_id_fkey',
    givenBreak('ceiling', '99'),
  ],
  [
    'outbox-drains',
    `INSERT INTO outbox (keys, messages, created_at) VALUES ('{x}', '[]', now() - interval '1 minute')`,
  ],
];

describe("every connector's invariants", () => {
  it('hold for what was sent and accepted, and looked at something', async () => {
    expect(await check()).toMatchObject({
      checked: 11,
      violations: [],
      populations: { submissions: 2, attempts: 2, with_venue_reference: 2 },
    });
  });

  it.each(PLANTED)('%s sees a planted violation', async (invariant, ...statements) => {
    for (const statement of statements)
      await database.query(statement, statement.includes('$1') ? [id] : []);

    const { violations } = await check();

    expect(violations.map((violation) => violation.invariant.split(':', 1)[0])).toContain(
      invariant,
    );
  });

  it('let an attempt pass that is later than its own outcome: the clock was set back', async () => {
    await database.query(givenHalt('venue', null));
    await database.query(
      `UPDATE submission SET finished_at = (SELECT intended_at FROM attempt WHERE withdrawal_id = $1) - interval '1 second' WHERE withdrawal_id = $1`,
      [id],
    );
    const { violations } = await check();
    const rows = violations.find(({ invariant }) =>
      invariant.startsWith('nothing-begun-while-halted'),
    )?.rows;

    expect(rows?.map((row) => (row as { withdrawal_id: string }).withdrawal_id)).not.toContain(id);
  });

  it('let an attempt pass whose halt was opened later: the clock was set back before the halt', async () => {
    await database.query(givenHalt('venue', null));
    await database.query('UPDATE submission SET halt_seen = 0');

    expect((await check()).violations).toEqual([]);
  });

  it('let removed attempts pass whose retention has ended', async () => {
    await database.query(`UPDATE submission SET intended_at = now() - interval '60 days'`);
    await database.query('DELETE FROM submission WHERE withdrawal_id = $1', [id]);

    expect((await check()).violations).toEqual([]);
  });

  it('let a break pass whose halt was lifted before it was opened: the clock was set back', async () => {
    await database.query(givenHalt('venue', null));
    await database.query(givenBreak('ceiling', ''));
    await database.query(
      `UPDATE halt SET lifted_at = opened_at - interval '1 second', lifted_by = 'A', lift_approved_by = 'B', lift_evidence = 'b'`,
    );

    const { violations } = await check();

    expect(violations.filter(({ invariant }) => invariant.startsWith('break-has'))).toEqual([]);
  });

  it('let an attempt pass that was put on record again while a halt was in force', async () => {
    await database.query(givenHalt('venue', null));
    await database.query('UPDATE submission SET put_back_at = now()');

    expect((await check()).violations).toEqual([]);
  });
});
