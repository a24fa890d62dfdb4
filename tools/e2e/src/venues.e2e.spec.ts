import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { testValues } from '@sluice/runtime';
import {
  connectorOf,
  SIMULATED_SERVICES,
  SIMULATED_NAMES,
  simulatedOf,
  type SimulatedName,
} from '@sluice/stack';
import type { SimulatedPayment } from '@sluice/test-kit';
import {
  freshUid,
  numberOf,
  recipientOf,
  toAddress,
  type Body,
  type Customer,
} from './testkit/customer.js';
import { TestSystem } from './testkit/given-system.js';
import { operate } from './testkit/operate.js';
import { searchSecretsInLogs } from './testkit/secrets-in-logs.js';

const SUBMIT: Readonly<Record<SimulatedName, string>> = {
  gateio: 'POST /withdrawals',
  bitmart: 'POST /account/v1/withdraw/apply',
  bybit: 'POST /v5/asset/withdraw/create',
  upvest: 'POST /payments/withdrawals',
};
const OTHERS = SIMULATED_NAMES.filter((venue) => venue !== 'gateio');
const SLOW_MS = 60_000;
const FAST_MS = 20;

describe('four venues', () => {
  let sluice: TestSystem;
  let customer: Customer;
  beforeAll(async () => {
    sluice = await TestSystem.start('bitmart', 'bybit', 'upvest');
    customer = await (await sluice.customer()).fund('1000000', 'EUR', 'SEPA');
  });
  afterEach(async () => {
    for (const venue of SIMULATED_NAMES) {
      await sluice.venueNamed(venue).clearFaults();
      await sluice.venueNamed(venue).settings({ status_ms: FAST_MS });
    }
    await sluice.proveBooks();
  });
  afterAll(() => sluice.stop());

  /** 12.50 EUR to the simulated Upvest's first user, or 12 USDT to an address used by no other payment. */
  async function through(venue: SimulatedName, change: object = {}): Promise<Body> {
    if (venue !== 'upvest') return toAddress({ venue, amount: '12', ...change });
    const { user_id, account_group_id, reference_account_id } = await sluice
      .venueNamed('upvest')
      .credentials();
    const destination = {
      type: 'reference_account',
      user_id,
      account_group_id,
      reference_account_id,
    };
    return {
      currency: 'EUR',
      network: 'SEPA',
      destination,
      amount: '12.50',
      client_reference: randomUUID(),
      ...change,
    };
  }

  /** New rows of the venue's book since `before`, to this body's recipient. */
  async function paidBy(
    venue: SimulatedName,
    body: Body,
    before: readonly SimulatedPayment[] = [],
  ): Promise<SimulatedPayment[]> {
    const known = new Set(before.map(({ id }) => id));
    const payments = await sluice.venueNamed(venue).payments();
    return payments.filter(
      ({ id, destination }) =>
        !known.has(id) && destination.toLowerCase() === recipientOf(body).toLowerCase(),
    );
  }

  it.each(SIMULATED_NAMES)(
    '%s pays: the recipient gets exactly the amount, once, and the journal names the venue',
    async (venue) => {
      const before = await sluice.venueNamed(venue).payments();
      const body = await through(venue);

      const posted = await customer.post(body);
      const done = await customer.reaches(numberOf(posted), ['completed', 'failed']);

      expect({ posted: posted.status, state: done.state, venue: done.venue }).toEqual({
        posted: 200,
        state: 'completed',
        venue,
      });
      expect(await paidBy(venue, body, before)).toMatchObject([{ net_amount: body['amount'] }]);
      const entries = await sluice.admin.ledger.entriesOf(done.id);
      expect(
        entries.find(({ kind }) => kind === 'capture')?.postings.map(({ account }) => account),
      ).toContain(`clearing:${venue}`);
      const shown = await operate(sluice, ['withdrawal', 'show', String(done.number)]);
      expect(shown).toMatchObject({
        exitCode: 0,
        json: { venue, submission: { state: 'settled' } },
      });
    },
  );

  // Gate.io's connector dies at every crash point elsewhere; the others die here, all at once to spare the time.
  describe('kill -9 of the connectors of BitMart, Bybit and Upvest', () => {
    it('when the venue has the payment and begins to answer: it is found again, and paid once', async () => {
      const before = await Promise.all(OTHERS.map((venue) => sluice.venueNamed(venue).payments()));
      await sluice.outboxesDrained();
      await Promise.all(
        OTHERS.map((venue) =>
          sluice.restartWith(connectorOf(venue), { FAULT_AT: 'connector.at-answer' }),
        ),
      );
      const died = Promise.all(
        OTHERS.map(async (venue) => (await sluice.system.ended(connectorOf(venue))).signal),
      );
      const bodies = await Promise.all(OTHERS.map((venue) => through(venue)));

      const posted = await Promise.all(bodies.map((body) => customer.post(body)));

      expect(await died).toEqual(OTHERS.map(() => 'SIGKILL'));
      const done = await Promise.all(
        posted.map((answer) => customer.isFinal(numberOf(answer), 60_000)),
      );
      expect(done.map(({ venue, state }) => `${venue}: ${state}`)).toEqual(
        OTHERS.map((venue) => `${venue}: completed`),
      );
      const paid = await Promise.all(
        OTHERS.map((venue, index) => paidBy(venue, bodies[index] as Body, before[index])),
      );
      expect(paid.map(({ length }) => length)).toEqual(OTHERS.map(() => 1));
    });

    it('with 10 under way at each: they come back and finish all, each paid once', async () => {
      const before = await Promise.all(
        OTHERS.map(async (venue) => (await sluice.venueNamed(venue).payments()).length),
      );
      const bodies = await Promise.all(
        OTHERS.flatMap((venue) => Array.from({ length: 10 }, () => through(venue))),
      );
      const posting = Promise.all(bodies.map((body) => customer.post(body)));

      await Promise.all(OTHERS.map((venue) => sluice.killNow(connectorOf(venue))));

      const done = await Promise.all(
        (await posting).map((answer) => customer.isFinal(numberOf(answer), 60_000)),
      );
      expect(done.map(({ state }) => state)).toEqual(bodies.map(() => 'completed'));
      const paid = await Promise.all(
        OTHERS.map(async (venue) => (await sluice.venueNamed(venue).payments()).length),
      );
      expect(paid).toEqual(before.map((count) => count + 10));
    });
  });

  describe('a cancel', () => {
    it.each<[SimulatedName, object]>([
      ['gateio', { REQUEST: SLOW_MS }],
      ['bybit', { SecurityCheck: SLOW_MS }],
      ['upvest', { NEW: SLOW_MS }],
    ])('at %s, which still can: nothing is paid and the hold is back', async (venue, lingering) => {
      await sluice.venueNamed(venue).settings({ status_ms: lingering });
      const body = await through(venue);
      const balance = () => customer.balance(String(body['currency']), String(body['network']));
      const before = await balance();
      const number = numberOf(await customer.post(body));
      await customer.reaches(number, ['submitted', 'broadcast']);

      const answer = await customer.cancel(number, { wait: 20 });

      expect(answer).toMatchObject({
        status: 200,
        data: { status: 'cancelled', cancel: { status: 'done' } },
      });
      expect(await balance()).toEqual(before);
    });

    it('at BitMart is refused, because BitMart cannot cancel, and the withdrawal continues', async () => {
      await sluice.venueNamed('bitmart').settings({ status_ms: { 0: 1_500 } });
      const number = numberOf(await customer.post(await through('bitmart')));
      await customer.reaches(number, ['submitted']);

      const answer = await customer.cancel(number, { wait: 20 });

      expect(answer).toMatchObject({
        status: 409,
        message: expect.stringContaining('The venue no longer stops it'),
      });
      expect(await customer.get(number)).toMatchObject({ data: { cancel: { status: 'refused' } } });
      await customer.reaches(number, ['completed']);
    });
  });

  describe('fail-over', () => {
    const poor = (venue: 'gateio' | 'bybit'): Promise<void> => {
      const [http_status, body] = {
        gateio: [400, { label: 'BALANCE_NOT_ENOUGH', message: 'no' }],
        bybit: [200, { retCode: 131212, retMsg: 'no' }],
      }[venue] as [number, object];
      return sluice
        .venueNamed(venue)
        .arm(SUBMIT[venue], 'refuse_with', { http_status, body: JSON.stringify(body) });
    };
    const unpinned = (change: object = {}): Body => toAddress({ amount: '12', ...change });

    it('goes to the next venue when the first has not enough, and the decision is on record with its reason', async () => {
      await poor('gateio');
      const body = unpinned();

      const done = await customer.reaches(numberOf(await customer.post(body)), [
        'completed',
        'failed',
      ]);

      expect(done).toMatchObject({ state: 'completed', venue: 'bybit', tried: ['gateio'] });
      expect(done.history.find(({ trigger }) => trigger === 'rerouted')?.detail).toMatch(
        /^insufficient_venue_funds: .*; bybit \(gateio: tried\); not after /,
      );
      expect(
        [await paidBy('gateio', body), await paidBy('bybit', body)].map(({ length }) => length),
      ).toEqual([0, 1]);
      expect((await sluice.admin.connector('gateio').submission(done.id)).state).toBe('refused');
    });

    it('goes on to the third, and passes over a venue below its smallest amount', async () => {
      await poor('gateio');
      await poor('bybit');
      const twice = await customer.reaches(numberOf(await customer.post(unpinned())), [
        'completed',
        'failed',
      ]);
      expect(twice).toMatchObject({
        state: 'completed',
        venue: 'bitmart',
        tried: ['gateio', 'bybit'],
      });

      await poor('gateio');
      const little = await customer.reaches(
        numberOf(await customer.post(unpinned({ amount: '7' }))),
        ['completed', 'failed'],
      );
      expect(little).toMatchObject({ state: 'completed', venue: 'bitmart', tried: ['gateio'] });
    });

    it.each([
      ['the customer named the venue', () => unpinned({ venue: 'gateio' })],
      [
        'it is to an account of the venue, which is somebody else elsewhere',
        () =>
          unpinned({
            to_address: undefined,
            destination: { type: 'venue_account', kind: 'uid', value: freshUid() },
          }),
      ],
    ])('does not happen when %s', async (_why, wanted) => {
      await poor('gateio');
      await sluice.venue.arm('POST /withdrawals/push', 'refuse_with', {
        http_status: 400,
        body: '{"label":"BALANCE_NOT_ENOUGH","message":"no"}',
      });
      const body = wanted();

      const done = await customer.reaches(numberOf(await customer.post(body)), [
        'completed',
        'failed',
      ]);

      expect(done).toMatchObject({ state: 'failed', venue: 'gateio', tried: [] });
      expect(
        [
          await paidBy('gateio', body),
          await paidBy('bybit', body),
          await paidBy('bitmart', body),
        ].flat(),
      ).toEqual([]);
    });

    it('does not happen while the outcome is unknown', async () => {
      await sluice.venue.arm(SUBMIT.gateio, 'accept_then_cut');
      const body = unpinned();

      const done = await customer.reaches(numberOf(await customer.post(body)), [
        'completed',
        'failed',
      ]);

      expect(done).toMatchObject({ state: 'completed', venue: 'gateio', tried: [] });
      expect(
        [await paidBy('gateio', body), await paidBy('bybit', body)].map(({ length }) => length),
      ).toEqual([1, 0]);
    });
  });

  it('every service that runs is asked about its invariants and its dead letters', async () => {
    expect((await sluice.admin.invariants()).map(({ service }) => service).sort()).toEqual(
      [...SIMULATED_SERVICES].sort(),
    );
    for (const service of SIMULATED_SERVICES) {
      const words = ['dead-letter', 'list', '--service', service];
      expect(await operate(sluice, words)).toMatchObject({ exitCode: 0, json: [] });
    }
    expect(await operate(sluice, ['invariants', 'check'])).toMatchObject({
      exitCode: 0,
      json: { violations: [] },
    });
  });

  it('docker-compose.yml has the fixed keys that the simulators hand out', async () => {
    const compose = readFileSync(new URL('../../../docker-compose.yml', import.meta.url), 'utf8');
    const missing: string[] = [];
    for (const venue of SIMULATED_NAMES) {
      const credentials = await sluice.venueNamed(venue).credentials();
      for (const [variable, field] of Object.entries(simulatedOf(venue).credentials)) {
        const value = String(credentials[field]).replaceAll('\n', '\\n');
        if (!['base_url', 'key_id', 'private_key'].includes(field) && !compose.includes(value))
          missing.push(variable);
      }
    }

    expect(missing).toEqual([]);
  });

  it('Upvest sends webhooks to the connector: a withdrawal completes long before the next poll', async () => {
    await sluice.restartWith('connector-upvest', testValues({ pollIntervalMs: 600_000 }));
    // A push that comes before the connector has stored the acceptance finds nothing, and the next look-up is ten minutes later.
    await sluice.venueNamed('upvest').settings({ status_ms: 1_500 });

    const number = numberOf(await customer.post(await through('upvest')));

    await customer.reaches(number, ['completed'], 20_000);
  });

  it('no log contains a secret of the run, of a customer or of a venue', async () => {
    const { logs, secrets, found } = await searchSecretsInLogs(sluice);

    expect(logs).toEqual(expect.arrayContaining(['venue-simulator', ...SIMULATED_SERVICES]));
    expect(secrets).toBeGreaterThan(15);
    expect(found).toEqual([]);
  });

  it('has checked some rows in every check', () => sluice.expectPopulated());
});
