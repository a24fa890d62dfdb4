import { eventually, type SimulatorControl } from '@sluice/test-kit';
import type {
  ConnectorUnderTest,
  ContractOrder,
  ContractSubmission,
} from './venue-adapter-contract.js';

/** Connector instance accepting orders with a deadline. */
interface BurstInstance extends Pick<ConnectorUnderTest, 'submission' | 'violations'> {
  submit(orders: readonly ContractOrder[], notAfter: string): Promise<void>;
}

interface Burst {
  /** Two instances on the same database. `orders` differ by amount. */
  readonly instances: readonly [BurstInstance, BurstInstance];
  /** Distinguished by their amounts. */
  readonly orders: readonly ContractOrder[];
  /** Orders not sent within this time are never sent. */
  readonly sendWithinMs: number;
}

/**
 * Submits more orders at once than the venue accepts at its limits: no rate-limit error, each paid
 * order paid once and exactly, late orders never sent. Returns the number paid; callers expect half
 * of the plan.
 */
export async function expectCalmBurst(
  simulator: SimulatorControl,
  { instances, orders, sendWithinMs }: Burst,
): Promise<number> {
  const [one, two] = instances;
  const half = Math.ceil(orders.length / 2);
  const notAfter = new Date(Date.now() + sendWithinMs).toISOString();

  await Promise.all([
    one.submit(orders.slice(0, half), notAfter),
    two.submit(orders.slice(half), notAfter),
  ]);

  const patience = { withinMs: sendWithinMs + 20_000, everyMs: 500 };
  const submissions = await eventually(() => allEnded(one, orders), patience);
  expect(await simulator.rateLimited()).toEqual({});
  const settled = orders.filter((_, n) => submissions[n]?.state === 'settled');
  expect(
    submissions.filter(
      ({ state, attempts }) =>
        state === 'refused' && attempts.every((attempt) => attempt.state === 'not_sent'),
    ),
  ).toHaveLength(orders.length - settled.length);
  expect((await simulator.payments()).map(({ net_amount }) => net_amount).toSorted()).toEqual(
    settled.map(({ amount }) => amount).toSorted(),
  );
  for (const instance of instances) expect(await instance.violations()).toEqual([]);
  return settled.length;
}

async function allEnded(
  instance: BurstInstance,
  orders: readonly ContractOrder[],
): Promise<ContractSubmission[]> {
  const submissions = await Promise.all(
    orders.map(({ withdrawalId }) => instance.submission(withdrawalId)),
  );
  return submissions.map((submission) => {
    if (!submission || !['settled', 'refused'].includes(submission.state))
      throw new Error(`one is still ${submission?.state ?? 'unknown to us'}`);
    return submission;
  });
}
