import { type Logger, monotonicMs } from '@sluice/runtime';
import type { FormCapabilities, ListedWithdrawal } from '@sluice/connector-rules';
import { withTestPostgres, type TestPostgres } from '@sluice/test-servers';
import { eventually } from '@sluice/test-kit';
import { Amount } from '@sluice/kernel';
import { VenueClock } from '../clock/venue-clock.js';
import { OpenSubmissions } from '../status/open-submissions.js';
import { NOT_SENT, TestQueue } from '../testkit/given-queue.js';
import { VenueListing } from '../listing/venue-listing.js';
import { MissingPayments } from './missing-payments.js';
import { ReadRecords } from './read-records.js';
import { RecordReader } from './record-reader.js';
import { ReturnedPayments } from './returned-payments.js';
import { RecordWatch } from './record-watch.js';
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
  ): RecordReader => {
    const { database, unitOfWork } = queue;
    const capabilities = { ...queue.capabilities, forms };
    const list = ({ form, from, to }: { form: string; from: Date; to: Date }) => {
      const shown = records.filter((record) => record.form === form && record.createdAt >= from);
      return Promise.resolve({
        kind: 'page',
        records: shown,
        last: true,
        covered: { from, to },
      } as const);
    };
    const lookup = () => Promise.reject(new Error('this test looks up no single record'));
    const open = new OpenSubmissions(database, unitOfWork, queue.events, QUIET);
    const watch = new RecordWatch(unitOfWork, QUIET, capabilities);
    const clock = atNoon();
    const listing = new VenueListing({ capabilities, list, lookup }, clock);
    const missing = new MissingPayments(unitOfWork, QUIET);
    return new RecordReader(
      new ReadRecords(listing, database, open, watch, missing),
      new UnclaimedReport(unitOfWork, queue.events, { refusalLookupAfterMs: 0 }),
      new ReturnedPayments(listing, database, open, logger, { returnIntervalMs: 60_000 }),
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
