import type { ConnectorConfig } from '@sluice/connector-engine';
import { CLOCK_OFFSETS_MS, eventually, type SimulatorControl } from '@sluice/test-kit';
import { benchFor } from './connector-bench.js';
import type { ConnectorKit } from './connector-kit.js';
import type { ContractOrder } from './venue-adapter-contract.js';
import { happens, reaches, stateOf } from './put-back.js';

const SECOND = 1_000;
const LISTING_LAGS_MS = 600;

interface PaidByEndpoint {
  readonly endpoint: string;
  /** Returns an order. `amount` distinguishes the order from all other orders of the test. */
  order(amount: string, simulator: SimulatorControl): ContractOrder | Promise<ContractOrder>;
}

/**
 * Test suite: a payment with a cut response and a lagging listing is found by a connector with a
 * wrong clock and paid once. Later orders wait for the right clock.
 */
export function describeWrongClocks<Config extends ConnectorConfig>(
  kit: ConnectorKit<Config>,
  change: Partial<Config>,
  { endpoint, order }: PaidByEndpoint,
): void {
  describe('a connector with a wrong clock', () => {
    const bench = benchFor(kit);
    afterEach(() => setProcessClock(0));

    it.each(
      CLOCK_OFFSETS_MS.map(
        (offset, index) => [offset / SECOND, `${20 + index}.25`, `${40 + index}.25`] as const,
      ),
    )(
      'with a clock error of %d s: pays nothing twice, and sends nothing until the clock is right',
      async (offset, amount, amountAfter) => {
        const [lost, later] = [
          await order(amount, bench.simulator),
          await order(amountAfter, bench.simulator),
        ];
        const database = await bench.database();
        const before = await bench.connector(change, database);
        await bench.simulator.settings({ listing_delay_ms: LISTING_LAGS_MS });
        await bench.simulator.arm(endpoint, 'accept_then_cut');
        await before.submit([lost]);
        await eventually(async () =>
          expect(await stateOf(before, lost)).not.toMatch(/prepared|sending/),
        );

        setProcessClock(offset * SECOND);
        const after = await bench.restart(before, database, change);
        await after.submit([later]);

        await reaches(after, lost, 'settled');
        expect([await stateOf(after, later), after.gate.fault()]).toEqual([
          'prepared',
          expect.stringContaining('clock'),
        ]);
        setProcessClock(0);
        await happens(after, later, 'withdrawal-settled');
        expect(
          [await bench.payments(lost.amount), await bench.payments(later.amount)].map(
            (payments) => payments.length,
          ),
        ).toEqual([1, 1]);
      },
    );
  });
}

const TRUE_DATE = globalThis.Date;

/** Shifts the clock of this process alone by ms; 0 resets it. */
function setProcessClock(offsetMs: number): void {
  globalThis.Date =
    offsetMs === 0
      ? TRUE_DATE
      : new Proxy(TRUE_DATE, {
          construct: (date, args: readonly number[]) =>
            (args.length === 0
              ? new date(date.now() + offsetMs)
              : Reflect.construct(date, args)) as object,
          get: (date, name) =>
            name === 'now' ? () => date.now() + offsetMs : (Reflect.get(date, name) as unknown),
        });
}
