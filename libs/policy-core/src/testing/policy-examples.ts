import { Amount } from '@sluice/kernel';
import type { Bucket, Counters, Decision, NeededApproval } from '../evaluate.js';
import type {
  ApprovalRule,
  ApproverGroup,
  DenyRule,
  Facts,
  LimitRule,
  RecipientRule,
  Rule,
  RuleSet,
} from '../rule.js';
import { chargeOf } from '../meter.js';
import { firstBucket } from '../windows.js';

export const ACCOUNT = '018f0000-0000-7000-8000-00000000000a';

export const FACTS: Facts = {
  accountId: ACCOUNT,
  keyId: 'k',
  payout: Amount.of('10', 'USDT.ETH'),
  recipient: 'address:0xabc:',
  venue: 'acme',
  priceEur: '0.5',
  history: { isInBook: true, wasPaid: true, resemblesPaid: false },
};

export function limit(change: Partial<LimitRule> = {}): LimitRule {
  return {
    kind: 'limit',
    name: 'limit',
    scope: {},
    per: ['account'],
    max: '100',
    unit: 'asset',
    window: 'day',
    timeZone: null,
    ...change,
  };
}

export function deny(change: Partial<DenyRule> = {}): DenyRule {
  return { kind: 'deny', name: 'deny', scope: {}, ...change };
}

export function approval(change: Partial<ApprovalRule> = {}): ApprovalRule {
  return {
    kind: 'approval',
    name: 'approval',
    scope: {},
    above: '10',
    unit: 'asset',
    quorums: [{ group: 'ops', need: 1 }],
    decideWithinHours: 24,
    ...change,
  };
}

export function recipient(change: Partial<RecipientRule> = {}): RecipientRule {
  return {
    kind: 'recipient',
    name: 'recipient',
    scope: {},
    when: 'first_payment',
    quorums: [],
    decideWithinHours: 24,
    ...change,
  };
}

/** Group that needs passkeys. */
export function group(...people: readonly string[]): ApproverGroup {
  return { people, needsPasskey: true };
}

export function ruleSet(...rules: readonly Rule[]): RuleSet {
  return { looseningWaitsHours: 24, priceMaxAgeMinutes: 60, rules, groups: {} };
}

export interface PastWithdrawal {
  readonly facts: Facts;
  readonly at: number;
}

/** Counters of the ledger at `now`: charges from the first bucket on, also of later instants. */
export function countersOf(history: readonly PastWithdrawal[], now: number): Counters {
  return (rule, key) => {
    const buckets = new Map<number, Bucket>();
    for (const { facts, at } of history) {
      const charge = chargeOf(rule, facts, at);
      if (charge?.key !== key || charge.bucket < firstBucket(rule, now)) continue;
      const { bucket: start, amount } = charge;
      buckets.set(start, { start, used: buckets.get(start)?.used.plus(amount) ?? amount });
    }
    return [...buckets.values()];
  };
}

/** A refusal is stricter than people to wait for, and they are stricter than no people. */
export function isAsStrict(before: Decision, after: Decision): boolean {
  if (after.refusal !== null) return true;
  if (before.refusal !== null) return false;
  if (before.approval === null) return true;
  return after.approval !== null && asksAsMuch(before.approval, after.approval);
}

function asksAsMuch(before: NeededApproval, after: NeededApproval): boolean {
  return (
    after.decideWithinHours <= before.decideWithinHours &&
    before.quorums.every(({ group, need }) =>
      after.quorums.some((quorum) => quorum.group === group && quorum.need >= need),
    )
  );
}
