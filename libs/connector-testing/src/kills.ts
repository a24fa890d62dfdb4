import type { ConnectorConfig } from '@sluice/connector-engine';
import { benchFor } from './connector-bench.js';
import type { ConnectorKit } from './connector-kit.js';
import { reaches } from './put-back.js';
import type { ContractOrder } from './venue-adapter-contract.js';

/** How a request ends whose process died before its first byte left. */
const AFTER_INTENT = {
  /** Absence is proven by our key, and the order is sent once more. */
  search: { state: 'settled', attempts: ['absent', 'accepted'], payments: 1 },
  /** The same request is repeated under its key. */
  replay: { state: 'settled', attempts: ['accepted'], payments: 1 },
  /** Nothing proves the absence: a person decides. */
  none: { state: 'undecided', attempts: ['undecided'], payments: 0 },
} as const;

interface KilledForm {
  readonly name: string;
  readonly recovery: keyof typeof AFTER_INTENT;
  order(amount: string): ContractOrder;
}

/** Test suite: a process is killed around a send, and the next one pays once, or provably not. */
export function describeKills<Config extends ConnectorConfig>(
  kit: ConnectorKit<Config>,
  forms: readonly KilledForm[],
): void {
  const bench = benchFor(kit);

  describe.each(forms.map((form) => [form.name, form] as const))(
    'a process that was killed (%s)',
    (_name, { recovery, order: orderOf }) => {
      const expectEnd = async (
        point: string,
        order: ContractOrder,
        { state, attempts, payments }: (typeof AFTER_INTENT)[keyof typeof AFTER_INTENT],
      ): Promise<void> => {
        const connector = await bench.connector({}, await bench.killedAt(point, order));

        await reaches(connector, order, state);

        const submission = await connector.submission(order.withdrawalId);
        expect(submission?.attempts.map((attempt) => attempt.state)).toEqual(attempts);
        expect(await bench.payments(order.amount)).toHaveLength(payments);
      };

      it.each([
        ['connector.at-answer', 'when the venue had every byte'],
        ['connector.before-outcome', 'when it had the answer'],
        ['connector.after-outcome', 'when the outcome was stored'],
      ])('%s, %s: the payment is found, and paid once', (point) =>
        expectEnd(point, orderOf('30.01'), AFTER_INTENT.replay),
      );

      it('connector.after-intent, after the intent was stored and before a byte left: no payment is lost or made twice', () =>
        expectEnd('connector.after-intent', orderOf('30.02'), AFTER_INTENT[recovery]));
    },
  );
}
