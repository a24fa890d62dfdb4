import { randomUUIDv7 } from 'node:crypto';
import type { FormCapabilities, VenueCapabilities } from '@sluice/connector-rules';
import { Outbox, UnitOfWork } from '@sluice/postgres';
import { withTestPostgres, type TestPostgres } from '@sluice/test-servers';
import { SubmitHandler } from '../commands/submit-handler.js';
import { RatePlan } from '../rate/rate-plan.js';
import { withLanes } from '../rate/rate-rules.js';
import {
  ANY_ORDER,
  givenTables,
  TEST_AUTHORITY,
  type TestTables,
} from '../testkit/given-tables.js';
import { EventWriter } from '../wire/event-writer.js';
import {
  ANY_PERMIT,
  givenCeilings,
  NOTHING_ADDED,
  NOTHING_LIFTED,
  QUIET,
  submitCommand,
} from '../testkit/given-queue.js';
import { ClaimCommits } from './claim-commits.js';
import { SubmissionQueue } from './submission-queue.js';

const FORM: FormCapabilities = {
  form: 'chain',
  destination: 'address',
  accountKinds: [],
  assets: ['USDT.ETH', 'USDT.TRX', 'BTC.BTC'],
  recovery: 'search',
  absence: { emptyLookups: 1, afterMs: 1 },
  honoured: { forMs: 0, source: 'a venue that forgets at once' },
  maxResends: 0,
  cancellable: false,
  submitEndpoint: 'POST /pay',
};
const RULES = {
  'POST /pay': { limit: 5, perMs: 1_000 },
  'POST /pay *': { limit: 1, perMs: 60_000 },
};
const events = new EventWriter('testvenue', TEST_AUTHORITY);

let postgres: TestPostgres;
let tables: TestTables;
let unitOfWork: UnitOfWork;
let expected: string[];

beforeAll(async () => void (postgres = await withTestPostgres()));
beforeEach(async () => {
  tables = await givenTables(postgres, 'lanes');
  const outbox = new Outbox(tables.service);
  expected = [];
  outbox.onCommitted(
    (row) =>
      void expected.push(
        ...row.messages.map(
          ({ value }) => (JSON.parse(value) as { expectedAt: string }).expectedAt,
        ),
      ),
  );
  unitOfWork = new UnitOfWork(tables.service, 'lanes', outbox);
});
afterEach(() => tables.close());
afterAll(() => postgres.stop());

async function given(
  form: FormCapabilities,
  assets: readonly string[],
): Promise<{ queue: SubmissionQueue; plan: RatePlan }> {
  const capabilities: VenueCapabilities = { venue: 'testvenue', forms: [form] };
  const plan = new RatePlan(tables.service, withLanes(RULES, capabilities));
  await plan.install();
  const commands = assets.map((asset, n) =>
    submitCommand(randomUUIDv7(), {
      asset,
      amount: String(n + 1),
      destination: { type: 'address', address: 'a' },
    }),
  );
  await unitOfWork.run((tx) =>
    new SubmitHandler(capabilities, events, plan, { isThrough: true }, NOTHING_ADDED).insert(
      tx,
      commands,
    ),
  );
  const ceilings = givenCeilings([form]);
  const queue = new SubmissionQueue(
    unitOfWork,
    'me',
    ANY_ORDER,
    { ceilings, lifts: NOTHING_LIFTED, permits: ANY_PERMIT },
    new ClaimCommits(unitOfWork, QUIET),
  );
  return { queue, plan };
}

const seen = async (queue: SubmissionQueue, form: FormCapabilities): Promise<string[]> =>
  (await queue.peek(form, 3)).map(({ asset, amount }) => `${amount} ${asset}`);

describe('a form with lanes', () => {
  it('shows the oldest of each lane, and none whose lane is taken: those behind it are not held up', async () => {
    const form: FormCapabilities = { ...FORM, lanes: 'asset' };
    const { queue, plan } = await given(form, [
      'USDT.ETH',
      'USDT.ETH',
      'USDT.ETH',
      'USDT.TRX',
      'BTC.BTC',
    ]);

    expect(await seen(queue, form)).toEqual(['1 USDT.ETH']);
    await plan.reserve('POST /pay USDT.ETH', 1);

    expect(await seen(queue, form)).toEqual(['4 USDT.TRX', '5 BTC.BTC']);
  });

  it('by currency has one lane for all chains of it', async () => {
    const form: FormCapabilities = { ...FORM, lanes: 'currency' };
    const { queue, plan } = await given(form, ['USDT.ETH', 'USDT.TRX', 'BTC.BTC']);

    expect(await seen(queue, form)).toEqual(['1 USDT.ETH', '3 BTC.BTC']);
    await plan.reserve('POST /pay USDT', 1);

    expect(await seen(queue, form)).toEqual(['3 BTC.BTC']);
  });

  it('announces the turn in the lane, not in the endpoint', async () => {
    await given({ ...FORM, lanes: 'asset' }, ['USDT.ETH', 'USDT.ETH', 'USDT.ETH', 'BTC.BTC']);

    const [second = '', third = '', ...others] = expected;
    expect(others).toEqual([]);
    expect(Date.parse(third) - Date.parse(second)).toBeGreaterThan(59_000);
  });

  it('without lanes goes by the endpoint alone', async () => {
    const { queue } = await given(FORM, ['USDT.ETH', 'USDT.ETH', 'BTC.BTC']);

    expect(await seen(queue, FORM)).toEqual(['1 USDT.ETH', '2 USDT.ETH', '3 BTC.BTC']);
  });
});
