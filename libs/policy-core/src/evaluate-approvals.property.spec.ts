import fc from 'fast-check';
import { Amount } from '@sluice/kernel';
import { evaluate } from './evaluate.js';
import { anyApproval, anyUnits, textOf } from './testing/any-policy.js';
import { FACTS } from './testing/policy-examples.js';

describe('an approval rule', () => {
  it('makes an amount wait if, and only if, it is above the edge', () =>
    fc.assert(
      fc.property(anyApproval, anyUnits, fc.bigInt(-1n, 1n), (rule, edge, by) => {
        const payout = Amount.of(textOf(edge + 2n + by), 'USDT.ETH');
        const above = textOf(edge + 2n);
        const set = { rules: [{ ...rule, above, unit: 'asset' as const, scope: {} }] };
        const { quorums, decideWithinHours } = rule;

        const decision = evaluate(set, { ...FACTS, payout }, () => []);

        expect(decision.refusal).toBeNull();
        expect(decision.approval).toEqual(by > 0n ? { quorums, decideWithinHours } : null);
      }),
      { numRuns: 2000 },
    ));
});
