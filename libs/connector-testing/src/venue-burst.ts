import type { ConnectorConfig } from '@sluice/connector-engine';
import { eventually } from '@sluice/test-kit';
import { benchFor, type ConnectorBench } from './connector-bench.js';
import type { ConnectorKit } from './connector-kit.js';
import type { TestConnector } from './test-connector.js';
import type { ContractOrder, ContractSubmission } from './venue-adapter-contract.js';

const ORDERS = 500;

interface Burst<Config extends ConnectorConfig> {
  /** The n-th of the orders, which differ by amount. */
  order(n: number, bench: ConnectorBench<Config>): ContractOrder | Promise<ContractOrder>;
  /** Orders not sent within this time are never sent. */
  readonly sendWithinMs: number;
  /** Fewer than the rate plan permits in the time, for a busy machine. */
  readonly leastPaid: number;
}

/**
 * Test suite: 500 orders at once through two instances at the venue's default limits. The venue
 * never complains, each paid order is paid once and exactly, late orders are never sent.
 */
export function describeCalmBurst<Config extends ConnectorConfig>(
  kit: ConnectorKit<Config>,
  change: Partial<Config>,
  { order, sendWithinMs, leastPaid }: Burst<Config>,
): void {
  const bench = benchFor(kit);

  it('500 at once through two instances, at the limits of the venue: the venue never complains, and what waited too long is never sent', async () => {
    const orders: ContractOrder[] = [];
    for (let n = 0; n < ORDERS; n++) orders.push(await order(n, bench));
    await bench.simulator.settings({ rate_limits: { enabled: true }, status_ms: 200 });
    const database = await bench.database();
    const [one, two] = [
      await bench.connector(change, database),
      await bench.connector(change, database),
    ];
    const notAfter = new Date(Date.now() + sendWithinMs).toISOString();

    await Promise.all([
      one.submit(orders.slice(0, ORDERS / 2), notAfter),
      two.submit(orders.slice(ORDERS / 2), notAfter),
    ]);

    const patience = { withinMs: sendWithinMs + 20_000, everyMs: 500 };
    const submissions = await eventually(() => allEnded(one, orders), patience);
    expect(await bench.simulator.rateLimited()).toEqual({});
    const settled = orders.filter((_, n) => submissions[n]?.state === 'settled');
    expect(
      submissions.filter(
        ({ state, attempts }) =>
          state === 'refused' && attempts.every((attempt) => attempt.state === 'not_sent'),
      ),
    ).toHaveLength(ORDERS - settled.length);
    expect(
      (await bench.simulator.payments()).map(({ net_amount }) => net_amount).toSorted(),
    ).toEqual(settled.map(({ amount }) => amount).toSorted());
    expect(settled.length).toBeGreaterThanOrEqual(leastPaid);
  });
}

async function allEnded(
  instance: TestConnector,
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
