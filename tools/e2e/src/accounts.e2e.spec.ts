import './testkit/gateio-treasury.js';
import { connectorOf, furtherAccount, type SimulatedName } from '@sluice/stack';
import {
  numberOf,
  recipientOf,
  toAddress,
  toUser,
  type Body,
  type Customer,
} from './testkit/customer.js';
import { TestSystem } from './testkit/given-system.js';
import { operate } from './testkit/operate.js';

const TREASURY = furtherAccount('gateio-treasury');
const ACCOUNTS: readonly SimulatedName[] = ['gateio', TREASURY];
const MINUTE_MS = 60_000;
/** Longer than two readings of a venue's record by the auditor. */
const AUDITED_MS = 45_000;

describe('two accounts at Gate.io', () => {
  let sluice: TestSystem;
  let customer: Customer;
  beforeAll(async () => {
    sluice = await TestSystem.start(TREASURY);
    customer = await sluice.customer();
    const { intake } = sluice.admin;
    for (const route of await intake.routes()) {
      const [first] = route.venues;
      if (first?.venue !== 'gateio') continue;
      const venues = [first, { ...first, venue: TREASURY }];
      await intake.setRoute({ ...route, was: route.venues, venues });
    }
  });
  afterEach(async () => {
    for (const account of ACCOUNTS) await sluice.venueNamed(account).clearFaults();
    await sluice.proveBooks();
  });
  afterAll(() => sluice.stop());

  const send = (bodies: readonly Body[]): Promise<number[]> =>
    Promise.all(bodies.map(async (body) => numberOf(await customer.post(body))));
  const ends = async (numbers: readonly number[]): Promise<readonly string[]> => {
    const done = await Promise.all(numbers.map((one) => customer.isFinal(one, MINUTE_MS)));
    return done.map(({ venue, state }) => `${venue}: ${state}`);
  };

  /** Number of payments to the recipient of each body in the book of an account. */
  async function timesPaid(account: SimulatedName, bodies: readonly Body[]): Promise<number[]> {
    const payments = await sluice.venueNamed(account).payments();
    return bodies.map(
      (body) => payments.filter(({ destination }) => destination === recipientOf(body)).length,
    );
  }

  it.each(ACCOUNTS)(
    'kill -9 of the connector of %s: each pinned withdrawal is paid once, from its account',
    async (killed) => {
      const bodies = ACCOUNTS.flatMap((venue) => [
        ...Array.from({ length: 10 }, () => toAddress({ venue })),
        ...Array.from({ length: 3 }, () => toUser({ venue })),
      ]);
      const sent = send(bodies);

      await sluice.killNow(connectorOf(killed));

      const wanted = bodies.map((body) => String(body['venue']));
      expect(await ends(await sent)).toEqual(wanted.map((venue) => `${venue}: completed`));
      for (const account of ACCOUNTS)
        expect(await timesPaid(account, bodies)).toEqual(
          wanted.map((venue) => (venue === account ? 1 : 0)),
        );
    },
  );

  it('books the payment to the clearing account of the paying account', async () => {
    const [number = 0] = await send([toAddress({ venue: TREASURY })]);
    const done = await customer.isFinal(number, MINUTE_MS);

    const entries = await sluice.admin.ledger.entriesOf(done.id);

    expect(
      entries.find(({ kind }) => kind === 'capture')?.postings.map(({ account }) => account),
    ).toContain('clearing:gateio-treasury');
  });

  it('a route goes on to the second account when the first has not enough', async () => {
    await sluice.venue.arm('POST /withdrawals', 'refuse_with', {
      http_status: 400,
      body: '{"label":"BALANCE_NOT_ENOUGH","message":"no"}',
    });
    const body = toAddress();

    const done = await customer.isFinal(numberOf(await customer.post(body)), MINUTE_MS);

    expect(done).toMatchObject({ state: 'completed', venue: TREASURY, tried: ['gateio'] });
    expect(await timesPaid('gateio', [body])).toEqual([0]);
    expect(await timesPaid(TREASURY, [body])).toEqual([1]);
  });

  it('a halt of one account does not stop the other', async () => {
    const halt = await sluice.admin.connector('gateio').openHalt({ details: 'a test' });
    const listed = await operate(sluice, ['halt', 'list', '--venue', 'gateio']);
    const other = await operate(sluice, ['halt', 'list', '--venue', TREASURY]);
    const bodies = [toAddress({ venue: TREASURY }), toAddress({ venue: 'gateio' })];

    const [free = 0, halted = 0] = await send(bodies);

    expect(listed.json).toMatchObject([{ id: halt.id }]);
    expect(other).toMatchObject({ exitCode: 0, json: [] });
    expect(await ends([free])).toEqual(['gateio-treasury: completed']);
    expect(await timesPaid('gateio', bodies)).toEqual([0, 0]);
    await sluice.liftHalt('gateio', halt.id);
    expect(await ends([halted])).toEqual(['gateio: completed']);
    expect(await timesPaid('gateio', bodies)).toEqual([0, 1]);
  });

  it('the operator command knows both accounts, and no check has a fault', async () => {
    expect(await operate(sluice, ['invariants', 'check'])).toMatchObject({
      exitCode: 0,
      json: { violations: [] },
    });
    expect(await operate(sluice, ['breaks', 'list', '--venue', TREASURY])).toMatchObject({
      exitCode: 0,
      json: [],
    });
    const letters = ['dead-letter', 'list', '--service', connectorOf(TREASURY)];
    expect(await operate(sluice, letters)).toMatchObject({ exitCode: 0, json: [] });
  });

  it('the auditor finds nothing', async () => {
    await new Promise((resolve) => setTimeout(resolve, AUDITED_MS));

    expect(await sluice.admin.auditor.findings()).toEqual([]);
  });

  it('has checked some rows in every check', () => sluice.expectPopulated());
});
