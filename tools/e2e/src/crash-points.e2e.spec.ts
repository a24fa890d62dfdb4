import { eventually, type SimulatedPayment } from '@sluice/test-kit';
import {
  isOneOf,
  numberOf,
  toAddress,
  toUser,
  type Body,
  type Customer,
} from './testkit/customer.js';
import type { ServiceName } from '@sluice/stack';
import { TestSystem } from './testkit/given-system.js';

const MAX_LIVES = 3;

type Deaths = Partial<Record<ServiceName, string>>;

/** Services die independently, so one withdrawal may outlive the death of all three. Each is asserted to have died at its point. */
const CHAIN_ROUNDS: readonly Deaths[] = [
  {
    'intake-api': 'intake.before-commit',
    ledger: 'ledger.before-commit',
    'connector-gateio': 'connector.after-intent',
  },
  {
    'intake-api': 'intake.after-commit',
    ledger: 'ledger.after-commit',
    'connector-gateio': 'connector.at-answer',
  },
  {
    'intake-api': 'saga.before-commit',
    ledger: 'relay.before-send',
    'connector-gateio': 'connector.before-outcome',
  },
  {
    'intake-api': 'saga.after-commit',
    ledger: 'relay.after-send',
    'connector-gateio': 'connector.after-outcome',
  },
  { 'intake-api': 'relay.before-send', 'connector-gateio': 'relay.before-send' },
  { 'intake-api': 'relay.after-send', 'connector-gateio': 'relay.after-send' },
];

describe('kill -9 at a crash point', () => {
  let sluice: TestSystem;
  let customer: Customer;
  beforeAll(async () => {
    sluice = await TestSystem.start();
    // Opened once: the messages of an opening would pass the crash points before those of the withdrawal.
    customer = await sluice.customer();
    await customer.isFinal(numberOf(await customer.post(toAddress())));
  });
  afterEach(() => sluice.proveBooks());
  afterAll(() => sluice.stop());

  it.each(CHAIN_ROUNDS.map((deaths) => ({ title: titleOf(deaths), deaths })))(
    '$title: a chain withdrawal is paid exactly once, and its reference keeps its id',
    async ({ deaths }) => {
      const { died } = await arm(deaths);
      const body = toAddress();

      const answered = await customer.postUntilAnswered(body);
      const done = await customer.isFinal(numberOf(answered), 60_000);

      expect(await died).toEqual(Object.keys(deaths).map(() => 'SIGKILL'));
      expect(done.state).toBe('completed');
      expect(await paymentsTo(body)).toHaveLength(1);
      expect(numberOf(await customer.postUntilAnswered(body))).toBe(numberOf(answered));
      expect(
        (await customer.withdrawals()).filter(
          (row) => row.client_reference === body.client_reference,
        ),
      ).toHaveLength(1);
    },
  );

  it.each(['intake.before-commit', 'intake.after-commit'])(
    'intake-api at %s in the middle of a batch: each of its withdrawals is paid exactly once',
    async (point) => {
      const { died } = await arm({ 'intake-api': point });
      const bodies = Array.from({ length: 5 }, () => toAddress());

      const numbers = await customer.postBatchUntilAnswered(bodies);

      expect(await died).toEqual(['SIGKILL']);
      for (const number of numbers)
        expect((await customer.isFinal(number, 60_000)).state).toBe('completed');
      for (const body of bodies) expect(await paymentsTo(body)).toHaveLength(1);
      expect(await customer.postBatchUntilAnswered(bodies)).toEqual(numbers);
      const references = new Set(bodies.map((body) => body.client_reference));
      const rows = (await customer.withdrawals()).filter(({ client_reference: reference }) =>
        references.has(reference ?? ''),
      );
      expect(rows).toHaveLength(bodies.length);
    },
  );

  // `connector.at-answer` and `connector.before-outcome`: the venue has it, and one record there fits. `connector.after-outcome`: the outcome was stored.
  it.each(['connector.at-answer', 'connector.before-outcome', 'connector.after-outcome'])(
    'connector-gateio at %s: a transfer to a user is found again and never sent twice',
    async (point) => {
      const { died } = await arm({ 'connector-gateio': point });
      const body = toUser();

      const answered = await customer.postUntilAnswered(body);
      const done = await customer.isFinal(numberOf(answered), 60_000);

      expect(await died).toEqual(['SIGKILL']);
      expect(done.state).toBe('completed');
      expect((await sluice.admin.connector('gateio').submission(done.id)).attempts).toHaveLength(1);
      expect(await paymentsTo(body)).toHaveLength(1);
    },
  );

  it('connector-gateio at connector.after-intent: a transfer to a user that was never sent waits for a person, for nothing proves that', async () => {
    const { died } = await arm({ 'connector-gateio': 'connector.after-intent' });
    const body = toUser();

    const answered = await customer.postUntilAnswered(body);
    expect(await died).toEqual(['SIGKILL']);
    await sluice.system.untilReady('connector-gateio');
    const { id } = await customer.reaches(numberOf(answered), ['uncertain'], 60_000);
    await eventually(
      async () =>
        expect(await sluice.admin.connector('gateio').submission(id)).toMatchObject({
          state: 'undecided',
          attempts: [{ number: 1 }],
        }),
      {
        withinMs: 30_000,
      },
    );
    expect(await paymentsTo(body)).toEqual([]);

    await sluice.decide('gateio', id, {
      decision: 'absent',
      evidence: 'the book is empty',
    });
    await customer.reaches(id, ['failed']);
  });

  it('has checked some rows in every check', () => sluice.expectPopulated());

  const paymentsTo = async (body: Body): Promise<SimulatedPayment[]> =>
    (await sluice.venue.payments()).filter(isOneOf([body]));

  /** Each service's present life will end at its point; the next knows of none. Resolves with how they died. */
  async function arm(deaths: Deaths): Promise<{ died: Promise<readonly (string | null)[]> }> {
    const services = Object.keys(deaths) as ServiceName[];
    await sluice.outboxesDrained();
    // A report may take one to its point while another still starts: each end is awaited from its own start on.
    const lives = await Promise.all(
      services.map(async (service) => {
        await armOne(sluice, service, deaths[service] ?? '');
        return { ended: sluice.system.ended(service) };
      }),
    );
    return { died: Promise.all(lives.map(async ({ ended }) => (await ended).signal)) };
  }
});

/** A report that was due may take a service to its point before it is ready: once that is published, it is armed once more. */
async function armOne(sluice: TestSystem, service: ServiceName, point: string): Promise<void> {
  for (let life = 1; ; life++) {
    try {
      return await sluice.restartWith(service, { FAULT_AT: point });
    } catch (error) {
      if (life === MAX_LIVES || !String(error).includes('ended at start (SIGKILL)')) throw error;
      await sluice.system.untilReady(service);
      await sluice.outboxesDrained();
    }
  }
}

function titleOf(deaths: Deaths): string {
  return Object.entries(deaths)
    .map(([service, point]) => `${service} at ${point}`)
    .join(', ');
}
