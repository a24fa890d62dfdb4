import { eventually } from '@sluice/test-kit';
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

describe('a service that ends under load', () => {
  let sluice: TestSystem;
  let customer: Customer;
  beforeAll(async () => {
    sluice = await TestSystem.start();
    customer = await sluice.customer();
  });
  afterEach(() => sluice.proveBooks());
  afterAll(() => sluice.stop());

  it.each<ServiceName>(['intake-api', 'ledger', 'connector-gateio'])(
    'killed -9 in the middle of 50 withdrawals, %s comes back and finishes all',
    async (service) => {
      const bodies = Array.from({ length: 50 }, () => toAddress());
      const answering = bodies.map((body) => customer.postUntilAnswered(body));
      await eventually(
        async () =>
          expect((await sluice.venue.payments()).filter(isOneOf(bodies)).length).toBeGreaterThan(5),
        { everyMs: 5 },
      );

      await sluice.killNow(service);

      const answers = await Promise.all(answering);
      expect(new Set(answers.map(numberOf)).size).toBe(50);
      expect(await statesOf(bodies)).toEqual(Array(50).fill('completed'));
      expect((await sluice.venue.payments()).filter(isOneOf(bodies))).toHaveLength(50);
    },
  );

  it('SIGTERM is no crash: every POST in flight is answered, and what was answered is done', async () => {
    await sluice.system.kill('ledger', 'SIGSTOP');
    const bodies = Array.from({ length: 20 }, () => toAddress());
    const answering = bodies.map((body) => customer.post(body));
    await eventually(async () =>
      expect(
        (await customer.withdrawals()).filter(({ state }) => state === 'requested'),
      ).toHaveLength(20),
    );

    const ended = sluice.system.ended('intake-api');
    const restarting = sluice.system.restart('intake-api');
    await sluice.system.kill('ledger', 'SIGCONT');

    const answers = await Promise.all(answering);
    await restarting;
    expect(answers.map(({ status }) => status)).toEqual(Array(20).fill(200));
    expect(await ended).toEqual({ code: 0, signal: null });
    expect(await statesOf(bodies)).toEqual(Array(20).fill('completed'));
  });

  it.each<ServiceName>(['ledger', 'connector-gateio'])(
    'SIGTERM of %s under load loses nothing',
    async (service) => {
      const bodies = Array.from({ length: 50 }, (_, index) =>
        index % 5 === 0 ? toUser() : toAddress(),
      );
      const answering = bodies.map((body) => customer.postUntilAnswered(body));
      await eventually(
        async () =>
          expect((await sluice.venue.payments()).filter(isOneOf(bodies)).length).toBeGreaterThan(5),
        { everyMs: 5 },
      );

      await sluice.system.restart(service);

      await Promise.all(answering);
      expect(await statesOf(bodies)).toEqual(Array(50).fill('completed'));
    },
  );

  it('has checked some rows in every check', () => sluice.expectPopulated());

  async function statesOf(bodies: readonly Body[]): Promise<readonly string[]> {
    await customer.allFinal();
    const references = new Set<string | null>(bodies.map((body) => body.client_reference));
    const rows = await customer.withdrawals();
    return rows.filter((row) => references.has(row.client_reference)).map(({ state }) => state);
  }
});
