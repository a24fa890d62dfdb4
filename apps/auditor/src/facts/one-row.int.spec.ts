import { checkInvariants, type Database, type UnitOfWork } from '@sluice/postgres';
import { inSnapshot, runChecks } from '../checks/run-checks.js';
import { factsOfWithdrawal } from '../testkit/facts-of-withdrawal.js';
import { givenAuditor } from '../testkit/given-auditor.js';
import { keepPayments, type PaymentRow } from '../venues/store-reading.js';
import { FactWrites } from '../writes/fact-writes.js';
import { type FollowedEvent, ledgerFacts } from '../writes/ledger-facts.js';

const INVARIANTS = new URL('../postgres/invariants/', import.meta.url);
const KEY = 'USDT 5 address:0x1:';

let owner: Database;
let service: Database;
let unitOfWork: UnitOfWork;
let writes: FactWrites;
beforeEach(async () => {
  ({ owner, service, unitOfWork } = await givenAuditor());
  writes = new FactWrites(unitOfWork);
  await owner.query(
    `UPDATE audit_progress SET started_at = now() - interval '1 hour', followed_through = now() + interval '1 hour'`,
  );
});
afterEach(() => Promise.all([owner.close(), service.close()]));

/** The messages of one withdrawal, each stored as a batch of its topic. */
function withdrawal(venue = 'a') {
  const facts = factsOfWithdrawal({ venue, key: KEY });
  const tell = (event: FollowedEvent) =>
    writes.add(() => Promise.resolve(), { ledger: ledgerFacts([event]) });
  return {
    id: facts.id,
    reference: `r ${facts.id}`,
    placed: () => tell(facts.placed()),
    ordered: (at = venue) => writes.add(() => Promise.resolve(), { orders: [facts.order(at)] }),
    captured: () => tell(facts.captured()),
    released: () => tell(facts.released()),
    moved: (to: string) => tell(facts.moved(to)),
  };
}

const payment = (reference: string | null, change: Partial<PaymentRow> = {}): PaymentRow =>
  factsOfWithdrawal({ key: KEY }).payment({ client_reference: reference, ...change });
const reads = (...rows: readonly PaymentRow[]) => keepPayments(service, rows, new Date());

async function findings(): Promise<readonly string[]> {
  await inSnapshot(service, (query) => runChecks(query, ['a', 'b'], new Date()));
  expect((await checkInvariants(owner, INVARIANTS)).violations).toEqual([]);
  const rows = await owner.query<{ kind: string }>('SELECT kind FROM finding ORDER BY id');
  return rows.map(({ kind }) => kind);
}
const rows = (table: string, columns = '') => owner.query(`SELECT ${columns} FROM ${table}`);
const oneRow = () =>
  rows('audited_withdrawal', 'withdrawal_id, state, order_venue, paid_reference');

describe('a withdrawal', () => {
  it('is one row, written once with hold, order and end that arrive together, and once with its payment', async () => {
    const { id, reference, placed, ordered, captured } = withdrawal();
    await Promise.all([placed(), ordered(), captured()]);
    expect(await rows('audited_withdrawal', 'state, order_venue, ctid::text')).toEqual([
      { state: 'captured', order_venue: 'a', ctid: '(0,1)' },
    ]);
    const paid = payment(reference);
    await reads(paid);
    expect(await findings()).toEqual([]);
    await reads(paid);

    const row = { withdrawal_id: id, state: 'captured', order_venue: 'a' };
    expect(await oneRow()).toEqual([{ ...row, paid_reference: paid.venue_reference }]);
    expect(await rows('audited_withdrawal', 'ctid::text')).toEqual([{ ctid: '(0,2)' }]);
    for (const table of ['audited_order', 'venue_payment', 'audited_movement', 'changed_groups'])
      expect(await rows(table)).toEqual([]);
  });

  it('has no index entry over its payment, but the summary of its times', async () => {
    const indexed = await owner.query<{ column: string }>(
      `SELECT DISTINCT a.attname AS "column" FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid JOIN pg_am m ON m.oid = c.relam
         JOIN pg_attribute a ON a.attrelid = i.indrelid
          AND (a.attnum = ANY (i.indkey) OR pg_get_expr(i.indpred, i.indrelid) ~ ('\\m' || a.attname || '\\M'))
        WHERE i.indrelid = 'audited_withdrawal'::regclass AND m.amname <> 'brin' ORDER BY 1`,
    );

    expect(indexed.map(({ column }) => column)).toEqual([
      'account_id',
      'asset',
      'client_reference',
      'ended_seen_at',
      'entry_id',
      'equality_key',
      'order_venue',
      'release_judged_at',
      'requested_by',
      'seen_at',
      'state',
      'withdrawal_id',
    ]);
  });

  it('is the same in whatever batches and repetitions its messages arrive', async () => {
    const { placed, ordered, captured } = withdrawal();
    await ordered();
    await Promise.all([placed(), ordered(), captured()]);
    await Promise.all([placed(), ordered(), captured()]);
    expect(await rows('audited_order')).toHaveLength(1);
    expect(await oneRow()).toMatchObject([{ state: 'captured', order_venue: null }]);

    const other = withdrawal();
    await Promise.all([other.placed(), other.ordered()]);
    await other.ordered();
    await Promise.all([other.placed(), other.ordered(), other.captured()]);
    expect(await rows('audited_order')).toHaveLength(1);
    expect(await oneRow()).toContainEqual({
      withdrawal_id: other.id,
      state: 'captured',
      order_venue: 'a',
      paid_reference: null,
    });
    expect(await owner.query('SELECT balance::text, held::text FROM audited_account')).toEqual([
      { balance: '-5', held: '0' },
      { balance: '-5', held: '0' },
    ]);
  });

  it('keeps the order of a further venue in a row of its own, and a payment at each venue is found', async () => {
    const { reference, placed, ordered, moved } = withdrawal();
    await Promise.all([placed(), ordered()]);
    await reads(payment(reference));
    expect(await findings()).not.toContain('paid_twice');
    await moved('b');
    await ordered('b');
    expect(await rows('audited_order', 'venue')).toEqual([{ venue: 'b' }]);

    await reads(payment(reference, { venue: 'b' }));
    expect(await findings()).toContain('paid_twice');
  });
});

describe('the payment in the row of a withdrawal', () => {
  async function paid() {
    const { reference, placed, ordered, captured, released } = withdrawal();
    await Promise.all([placed(), ordered()]);
    const first = payment(reference);
    await reads(first);
    expect(await oneRow()).toMatchObject([{ paid_reference: first.venue_reference }]);
    return { reference, captured, released, first };
  }

  it.each([
    ['its reference', true],
    ['its values alone', false],
  ])(
    'is not the only one: a second payment with %s is found, also years later',
    async (_what, isNamed) => {
      const { reference, captured } = await paid();
      await captured();
      expect(await findings()).not.toContain('paid_twice');
      await owner.query(
        `UPDATE audited_withdrawal SET paid_seen_at = paid_seen_at - interval '2 years', paid_at = paid_at - interval '2 years'`,
      );

      await reads(payment(isNamed ? reference : null));
      expect((await findings()).filter((kind) => kind === 'paid_twice')).toHaveLength(1);
      expect((await findings()).filter((kind) => kind === 'paid_twice')).toHaveLength(1);
    },
  );

  it('is found if the hold is released afterwards', async () => {
    const { released } = await paid();
    await released();

    expect(await findings()).toContain('released_but_paid');
  });

  it.each<[string, Partial<PaymentRow>]>([
    ['its state', { status: 'failed' }],
    ['its amount', { net: '6', equality_key: 'USDT 6 address:0x1:' }],
    ['its fee', { venue_fee: '2' }],
    ['its amount to an unreadable one', { net: null, equality_key: null }],
  ])('gets a row of its own if the venue changes %s, and no second one', async (_what, change) => {
    const { first } = await paid();
    await reads({ ...first, ...change });

    expect(await oneRow()).toMatchObject([{ paid_reference: null }]);
    expect(
      await rows('venue_payment', 'venue_reference, status, net::text, venue_fee::text'),
    ).toEqual([
      {
        venue_reference: first.venue_reference,
        status: change.status ?? 'settled',
        net: change.net === undefined ? '5' : change.net,
        venue_fee: change.venue_fee ?? '1',
      },
    ]);
  });

  it('stays one payment if the venue lists it later without our reference', async () => {
    const { first } = await paid();
    await reads({ ...first, client_reference: null });

    expect(await rows('venue_payment')).toEqual([]);
    expect(await findings()).not.toContain('paid_twice');
  });

  it('is stored once by processes that read the venue at once', async () => {
    const { reference, placed, ordered } = withdrawal();
    await Promise.all([placed(), ordered()]);
    const one = payment(reference);
    await Promise.all([reads(one), reads(one), reads(one)]);

    expect(await oneRow()).toMatchObject([{ paid_reference: one.venue_reference }]);
    expect(await rows('venue_payment')).toEqual([]);
  });

  it('is not stored there while the payment may still change', async () => {
    const { reference, placed, ordered } = withdrawal();
    await Promise.all([placed(), ordered()]);
    const pending = payment(reference, { status: 'pending' });
    await reads(pending);
    await reads({ ...pending, status: 'settled' });

    expect(await oneRow()).toMatchObject([{ paid_reference: null }]);
    expect(await rows('venue_payment', 'status')).toEqual([{ status: 'settled' }]);
  });

  it('is not stored there beside its earlier row without our reference', async () => {
    const { reference, placed, ordered } = withdrawal();
    await Promise.all([placed(), ordered()]);
    const early = payment(null);
    await reads(early);
    await reads({ ...early, client_reference: reference, venue_fee: '2' });

    expect(await oneRow()).toMatchObject([{ paid_reference: null }]);
    expect(await rows('venue_payment', 'venue_fee::text')).toEqual([{ venue_fee: '2' }]);
  });

  it('leaves equal orders to their payments: each named one stays with its own', async () => {
    const { captured } = await paid();
    const other = withdrawal();
    await Promise.all([other.placed(), other.ordered()]);
    await reads(payment(null));
    await Promise.all([captured(), other.captured()]);

    expect(await findings()).not.toContain('paid_twice');
    expect(await findings()).not.toContain('payment_without_order');
    expect(await rows('venue_payment', 'withdrawal_id')).toEqual([{ withdrawal_id: other.id }]);
  });
});
