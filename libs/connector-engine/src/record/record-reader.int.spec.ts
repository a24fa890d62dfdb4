import { randomUUIDv7 } from 'node:crypto';
import { type Logger, monotonicMs } from '@sluice/runtime';
import type {
  DraftRecord,
  FormCapabilities,
  ListedWithdrawal,
  UnreadableRow,
} from '@sluice/connector-rules';
import { withTestPostgres, type TestPostgres } from '@sluice/test-servers';
import { eventually } from '@sluice/test-kit';
import { Amount } from '@sluice/kernel';
import { VenueClock } from '../clock/venue-clock.js';
import { NO_ANSWER, NOT_SENT, submitCommand, TestQueue } from '../testkit/given-queue.js';
import { VenueListing } from '../listing/collect-window.js';
import { MissingPayments, ReadRecords } from './read-records.js';
import { RecordReader } from './record-reader.js';
import { RecordWatch } from './record-watch.js';
import { UnreadableRows } from './unreadable-rows.js';
import { UnclaimedReport } from './unclaimed-report.js';

const NOON = Date.UTC(2026, 10, 21, 12);
const QUIET: Logger = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
};

describe('reading the record of a venue that knows no key of ours', () => {
  let postgres: TestPostgres;
  let queue: TestQueue;
  beforeAll(async () => void (postgres = await withTestPostgres()));
  beforeEach(async () => void (queue = await TestQueue.start(postgres, { recovery: 'none' })));
  afterEach(() => queue.close());
  afterAll(() => postgres.stop());

  const given = (
    owner: string,
    records: readonly ListedWithdrawal[],
    forms: readonly FormCapabilities[] = [queue.form, { ...queue.form, form: 'phone' }],
    logger = QUIET,
    unreadable: readonly UnreadableRow[] = [],
  ): RecordReader => {
    const { database, unitOfWork } = queue;
    const capabilities = { ...queue.capabilities, forms };
    const list = ({ form, from, to }: { form: string; from: Date; to: Date }) => {
      const shown = records.filter((record) => record.form === form && record.createdAt >= from);
      return Promise.resolve({
        kind: 'page',
        records: shown,
        ...(form === queue.form.form && { unreadable }),
        last: true,
        covered: { from, to },
      } as const);
    };
    const lookup = () => Promise.reject(new Error('this test looks up no single record'));
    const open = queue.openSubmissions();
    const watch = new RecordWatch(unitOfWork, queue.width, logger, capabilities);
    const clock = atNoon();
    const listing = new VenueListing({ capabilities, list, lookup }, clock);
    const missing = new MissingPayments(unitOfWork, QUIET);
    new UnreadableRows(listing, open, watch, unitOfWork, logger);
    return new RecordReader(
      new ReadRecords(listing, database, open, watch, missing),
      new UnclaimedReport(unitOfWork, queue.events, { refusalLookupAfterMs: 0 }),
      queue.loops(owner, logger),
      logger,
      { recordIntervalMs: 60_000 },
    );
  };
  const readBy = async (owner: string, records: readonly ListedWithdrawal[]): Promise<void> => {
    const reader = given(owner, records);
    reader.loop.start();
    await eventually(() => expect(reader.isThrough).toBe(true));
    await reader.loop.stop();
  };
  /** Reads a record with these rows put aside; returns the logged errors. */
  const readWith = async (
    unreadable: readonly UnreadableRow[],
    records: readonly ListedWithdrawal[] = [],
  ): Promise<object[]> => {
    const errors: object[] = [];
    const logger = { ...QUIET, error: (fields: object) => void errors.push(fields) };
    const reader = given('reader', records, [queue.form], logger, unreadable);
    reader.loop.start();
    await eventually(() => expect(reader.isThrough).toBe(true));
    await reader.loop.stop();
    return errors;
  };
  const halts = () => queue.halts.inForce();

  it('after a restore, halts for a payment that was made in the very second of the first reading of all', async () => {
    await readBy('before', []);

    await readBy('restored', [paidAt(NOON)]);

    expect(await halts()).toMatchObject([{ reason: 'orphan' }]);
  });

  it('waits without a warning for the first order at a venue that lists by recipient', async () => {
    const warnings: string[] = [];
    const logger = { ...QUIET, warn: (_: object, text: string) => void warnings.push(text) };
    const forms = [{ ...queue.form, listedPerRecipient: true as const }];
    const reader = given('first', [], forms, logger);
    reader.loop.start();
    await eventually(() =>
      expect(reader.fault()).toBe(
        'the record of the venue is not read through yet: it is listed by recipient, and no order has named one',
      ),
    );

    await queue.submit(null);

    await eventually(() => expect(reader.isThrough).toBe(true));
    await reader.loop.stop();
    expect(warnings).toEqual([]);
  });

  it('is not halted by what is older than the first reading of all', async () => {
    await readBy('first', [paidAt(NOON - 10_000)]);

    expect(await halts()).toEqual([]);
  });

  /** One that the venue found too fast: it is looked up before it is sent again. */
  const tooFastAt = async (instant: number): Promise<void> => {
    await queue.submit(null);
    await queue.database.query('UPDATE submission SET ordered_at = $1', [new Date(instant)]);
    const claims = await queue.claim('a', 60_000, new Date(instant));
    await queue.outcome(claims, { ...NOT_SENT, evidence: { status: 429, body: '' } });
  };

  it('is not halted by a payment that appeared between the readings of two forms, while an order of its amount waits for its look-up', async () => {
    await readBy('before', []);
    await tooFastAt(NOON);

    await readBy('again', [{ ...paidAt(NOON + 1_000), form: 'phone', destination: 'phone 7' }]);

    expect(await halts()).toEqual([]);
  });

  it('is halted by a payment that is older than every request of its amount', async () => {
    await readBy('before', []);
    await queue.submit(null);
    expect(await queue.claim('a', 60_000, new Date(NOON + 5_000))).toHaveLength(1);

    await readBy('again', [{ ...paidAt(NOON + 1_000), destination: 'uid 8' }]);

    expect(await halts()).toMatchObject([{ reason: 'orphan' }]);
  });

  describe('with rows that cannot be read', () => {
    const draft: DraftRecord = { ...paidAt(NOON), createdAt: null };
    const row = (change: Partial<DraftRecord> = {}): UnreadableRow => ({
      field: 'timestamp',
      value: '"0"',
      draft: { ...draft, ...change },
    });
    const rest: UnreadableRow = { field: 'row', value: 'null', draft: null };
    const unclaimed = () =>
      queue.database.query(
        'SELECT venue_reference, unreadable, equality_keys FROM unclaimed_record ORDER BY venue_reference',
      );
    const accept = async (): Promise<string> => {
      const [id = ''] = await queue.submit(null);
      const claims = await queue.claim('a', 60_000, new Date(NOON));
      await queue.outcome(claims, { kind: 'accepted', venueReference: 'v1', evidence: NO_ANSWER });
      return id;
    };

    it('is through: each row is one case with its field and raw value, logged once, without a halt', async () => {
      const rows = [row(), row({ venueReference: '' }), rest];

      const errors = [await readWith(rows), await readWith(rows)].flat();

      expect(errors).toMatchObject([
        { unreadable: 'row: null' },
        { unreadable: 'timestamp: "0"' },
        { venue_reference: 'v1', unreadable: 'timestamp: "0"' },
      ]);
      expect(await unclaimed()).toMatchObject([
        { equality_keys: ['? ? ?pay'] },
        {},
        { venue_reference: 'v1' },
      ]);
      expect(await halts()).toEqual([]);
    });

    it('confirms the order of a row without time by the reference, and opens a case for the order', async () => {
      const id = await accept();
      const recipient = await recipientOf(id);

      await readWith([row({ destination: recipient })]);

      expect((await queue.rowOf(id)).state).toBe('settled');
      expect(await casesOf(id)).toEqual(['unreadable_record']);
      expect(await unclaimed()).toEqual([]);
      expect(await halts()).toEqual([]);
    });

    it.each([
      ['failure', { status: { kind: 'failed', reason: 'x', message: 'x', cancelled: false } }],
      ['difference', { gross: Amount.of('2', 'USDT.ETH'), net: Amount.of('2', 'USDT.ETH') }],
    ] as const)('does not act on the %s in a row without time', async (_what, change) => {
      const id = await accept();
      const recipient = await recipientOf(id);

      await readWith([row({ destination: recipient, ...change })]);

      expect((await queue.rowOf(id)).state).toBe('accepted');
      expect(await casesOf(id)).toEqual(['unreadable_record']);
      expect(await halts()).toEqual([]);
    });

    it.each([
      ['nothing readable', rest],
      ['another amount unreadable', row({ gross: null, net: null })],
      ['an unreadable coin', row({ currency: '?', destination: null })],
    ])(
      'looks up an order from before the row with %s, and sends an order from after the row',
      async (_what, unreadable) => {
        const [before = ''] = await queue.submit(null);
        const recipient = await recipientOf(before);
        const { draft } = unreadable;

        await readWith([
          draft?.destination
            ? { ...unreadable, draft: { ...draft, destination: recipient } }
            : unreadable,
        ]);
        const after = randomUUIDv7();
        const orderedAt = new Date(Date.now() + 60_000).toISOString();
        await queue.take(submitCommand(after, { orderedAt }));

        expect(await looksUp(before)).toBe(true);
        expect(await looksUp(after)).toBe(false);
      },
    );

    it('judges a row as a record once the row can be read', async () => {
      await readWith([]);
      await readWith([row()]);
      expect(await halts()).toEqual([]);

      await readWith([], [paidAt(NOON)]);

      expect(await halts()).toMatchObject([{ reason: 'orphan' }]);
    });

    const recipientOf = async (id: string): Promise<string> => {
      const [found] = await queue.database.query<{ equality_key: string }>(
        'SELECT equality_key FROM submission WHERE withdrawal_id = $1',
        [id],
      );
      return found?.equality_key.split(' ')[2] ?? '';
    };
    const looksUp = async (id: string): Promise<boolean | undefined> =>
      (
        await queue.database.query<{ lookup_first: boolean }>(
          'SELECT lookup_first FROM submission WHERE withdrawal_id = $1',
          [id],
        )
      )[0]?.lookup_first;
    const casesOf = async (id: string): Promise<string[]> =>
      (
        await queue.database.query<{ kind: string }>(
          'SELECT kind FROM submission_case WHERE withdrawal_id = $1',
          [id],
        )
      ).map(({ kind }) => kind);
  });
});

/** The venue said noon in an answer that took a second, so that it may be almost two seconds later there. */
function atNoon(): VenueClock {
  const clock = new VenueClock('testvenue', QUIET);
  const now = monotonicMs();
  clock.observe({ timeMs: NOON, askedAtMs: now - 1_000, answeredAtMs: now, stepMs: 1_000 });
  return clock;
}

function paidAt(instant: number): ListedWithdrawal {
  return {
    form: 'pay',
    venueReference: 'v1',
    clientReference: null,
    currency: 'USDT',
    network: null,
    destination: 'uid 7',
    gross: Amount.of('1', 'USDT.ETH'),
    net: Amount.of('1', 'USDT.ETH'),
    venueFee: null,
    createdAt: new Date(instant),
    txHash: null,
    status: { kind: 'settled' },
    venueStatus: 'DONE',
  };
}
