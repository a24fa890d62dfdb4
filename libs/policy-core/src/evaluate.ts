import type { Amount } from '@sluice/kernel';
import {
  type ApprovalRule,
  type Facts,
  highestOf,
  isInScope,
  isTrueOf,
  type LimitRule,
  type Quorum,
  type RecipientRule,
  type Rule,
  type RuleSet,
} from './rule.js';
import { amountIn, counted, unitNameOf, useOf, type MissingFact } from './meter.js';
import { endOfBucket, offsetByRuntime, type OffsetOf } from './windows.js';

export interface Bucket {
  /** Start in milliseconds since 1970. */
  readonly start: number;
  readonly used: Amount;
}

/** Counters of the ledger. Returns the buckets of the rule's window, for a key of the rule. */
export type Counters = (rule: LimitRule, key: string) => readonly Bucket[];

/** RuleAnswer of one rule, with its input. */
export type RuleAnswer =
  | { readonly rule: string; readonly kind: Rule['kind']; readonly answer: 'outside' }
  | {
      readonly rule: string;
      readonly kind: Rule['kind'];
      readonly answer: 'unknown';
      readonly missing: MissingFact;
    }
  | { readonly rule: string; readonly kind: 'deny'; readonly answer: 'deny' }
  | LimitAnswer
  | ApprovalAnswer
  | RecipientAnswer;

interface RecipientAnswer {
  readonly rule: string;
  readonly kind: 'recipient';
  readonly answer: 'allow' | 'approval' | 'deny';
  readonly when: RecipientRule['when'];
}

/** Amounts are decimal texts in `unit`. */
interface ApprovalAnswer {
  readonly rule: string;
  readonly kind: 'approval';
  readonly answer: 'allow' | 'approval';
  readonly unit: string;
  readonly above: string;
  readonly amount: string;
}

/** Amounts are decimal texts in `unit`. */
export interface LimitAnswer {
  readonly rule: string;
  readonly kind: 'limit';
  readonly answer: 'allow' | 'deny';
  readonly unit: string;
  readonly max: string;
  /** Count of the window before this withdrawal. */
  readonly used: string;
  readonly amount: string;
  /** Amount that the limit still allowed; zero if it allowed none. */
  readonly remaining: string;
  /** Instant at which the limit allows the amount, without further payments; null: never. */
  readonly freesAt: number | null;
}

type PolicyRefusal =
  | { readonly kind: 'policy_denied'; readonly rule: string }
  | {
      readonly kind: 'limit_exceeded';
      readonly rule: string;
      readonly remaining: string;
      readonly unit: string;
      readonly freesAt: number | null;
    };

export interface Decision {
  readonly answers: readonly RuleAnswer[];
  readonly refusal: PolicyRefusal | null;
  /** People who must approve; null without people, and for a refusal. */
  readonly approval: NeededApproval | null;
}

export interface NeededApproval {
  /** Each group once, by name, with the highest number of people. */
  readonly quorums: readonly Quorum[];
  /** Shortest time to decide. */
  readonly decideWithinHours: number;
}

/**
 * One rule that refuses, or cannot be evaluated, refuses the withdrawal; otherwise one that demands
 * people makes it wait.
 */
export function evaluate(
  { rules }: Pick<RuleSet, 'rules'>,
  facts: Facts,
  counters: Counters,
  offsetOf: OffsetOf = offsetByRuntime,
): Decision {
  const answers = rules.map((rule) => answerOf(rule, facts, { counters, offsetOf }));
  const refusals = answers.flatMap((answer) => refusalOf(answer) ?? []);
  const [refusal = null] = refusals.sort(byStrictness);
  const asking = rules.filter((_rule, at) => answers[at]?.answer === 'approval');
  return { answers, refusal, approval: refusal === null ? approvalOf(asking) : null };
}

function approvalOf(rules: readonly Rule[]): NeededApproval | null {
  const asking = rules.flatMap((rule) => ('quorums' in rule ? rule : []));
  if (asking.length === 0) return null;
  const quorums = highestOf(asking);
  return {
    quorums: quorums.toSorted((one, other) => (one.group < other.group ? -1 : 1)),
    decideWithinHours: Math.min(...asking.map(({ decideWithinHours }) => decideWithinHours)),
  };
}

interface LimitInputs {
  readonly counters: Counters;
  readonly offsetOf: OffsetOf;
}

function answerOf(rule: Rule, facts: Facts, inputs: LimitInputs): RuleAnswer {
  const { name, kind } = rule;
  if (rule.kind === 'limit') return answerOfLimit(rule, facts, inputs);
  const applies = isInScope(rule.scope, facts);
  if (applies === null) return { rule: name, kind, answer: 'unknown', missing: 'scope' };
  if (!applies) return { rule: name, kind, answer: 'outside' };
  if (rule.kind === 'approval') return answerOfApproval(rule, facts);
  if (rule.kind === 'recipient') return answerOfRecipient(rule, facts);
  return { rule: name, kind: rule.kind, answer: 'deny' };
}

function answerOfRecipient(
  { name, kind, when, quorums }: RecipientRule,
  { history }: Facts,
): RuleAnswer {
  if (history === null) return { rule: name, kind, answer: 'unknown', missing: 'history' };
  if (!isTrueOf(when, history)) return { rule: name, kind, answer: 'allow', when };
  return { rule: name, kind, answer: quorums.length === 0 ? 'deny' : 'approval', when };
}

function answerOfApproval(rule: ApprovalRule, facts: Facts): RuleAnswer {
  const { name, kind } = rule;
  const amount = amountIn(rule.unit, facts);
  if (amount === null) return { rule: name, kind, answer: 'unknown', missing: 'price' };
  const { asset } = facts.payout;
  const above = counted(rule, rule.above, asset);
  return {
    rule: name,
    kind,
    answer: above.lessThan(amount) ? 'approval' : 'allow',
    unit: unitNameOf(rule, asset),
    above: above.toString(),
    amount: amount.toString(),
  };
}

function answerOfLimit(
  rule: LimitRule,
  facts: Facts,
  { counters, offsetOf }: LimitInputs,
): RuleAnswer {
  const { name, kind } = rule;
  const use = useOf(rule, facts);
  if (use.kind === 'outside') return { rule: name, kind, answer: 'outside' };
  if (use.kind === 'unknown') return { rule: name, kind, answer: 'unknown', missing: use.missing };
  const { asset } = facts.payout;
  const max = counted(rule, rule.max, asset);
  const buckets = counters(rule, use.key);
  const used = buckets.reduce((sum, bucket) => sum.plus(bucket.used), counted(rule, '0', asset));
  const isAllowed = !max.lessThan(used.plus(use.amount));
  return {
    rule: name,
    kind,
    answer: isAllowed ? 'allow' : 'deny',
    unit: unitNameOf(rule, asset),
    max: max.toString(),
    used: used.toString(),
    amount: use.amount.toString(),
    remaining: (max.lessThan(used) ? counted(rule, '0', asset) : max.minus(used)).toString(),
    freesAt: isAllowed ? null : freesAt(rule, buckets, { max, used, amount: use.amount, offsetOf }),
  };
}

/** Instant at which enough old buckets have left the window; null: never. */
function freesAt(
  rule: LimitRule,
  buckets: readonly Bucket[],
  {
    max,
    used,
    amount,
    offsetOf,
  }: Readonly<Record<'max' | 'used' | 'amount', Amount>> & { readonly offsetOf: OffsetOf },
): number | null {
  let left = used;
  for (const bucket of buckets.toSorted((one, other) => one.start - other.start)) {
    left = left.minus(bucket.used);
    if (!max.lessThan(left.plus(amount))) return endOfBucket(rule, bucket.start, offsetOf);
  }
  return null;
}

function refusalOf(answer: RuleAnswer): PolicyRefusal | null {
  const { rule } = answer;
  if (answer.answer === 'unknown') return { kind: 'policy_denied', rule };
  if (answer.answer !== 'deny') return null;
  if (answer.kind !== 'limit') return { kind: 'policy_denied', rule };
  const { unit, remaining, freesAt: at } = answer;
  return { kind: 'limit_exceeded', rule, remaining, unit, freesAt: at };
}

/** A refusal that no waiting lifts comes first, then the limit that frees last. */
function byStrictness(one: PolicyRefusal, other: PolicyRefusal): number {
  const until = (refusal: PolicyRefusal): number =>
    refusal.kind === 'limit_exceeded' ? (refusal.freesAt ?? Infinity) : Infinity;
  const [first, second] = [until(one), until(other)];
  if (one.kind !== other.kind) return one.kind === 'policy_denied' ? -1 : 1;
  if (first !== second) return first > second ? -1 : 1;
  return one.rule < other.rule ? -1 : 1;
}
