import type { Amount } from '@sluice/kernel';
import type { Book, Hold, HoldPolicy, HoldRefusal } from '@sluice/ledger-core';
import {
  bookOnlyRule,
  counted,
  evaluate,
  firstBucket,
  type Bucket,
  type Decision,
  type Facts,
  type LimitRule,
  type Rule,
  type RuleSet,
} from '@sluice/policy-core';
import { askedFor, type AskedApproval } from '../approval-cases/approval-cases.js';
import {
  countOf,
  dependsOnVenue,
  factsOf,
  type Meter,
  policyOf,
  storedFacts,
} from './hold-facts.js';
import type { PlaceHoldCommand } from '../wire/ledger-command.js';
import { paidKey, type PaidRecipient, type Recipients } from './recipients.js';
import type { PolicyBook, PolicyVersion } from './policy-book.js';

interface KeyChanges {
  readonly meter: string;
  readonly key: string;
  readonly buckets: Map<number, Amount>;
}

export type StoredCounters = ReadonlyMap<
  string,
  readonly { readonly start: number; readonly used: string }[]
>;

interface BatchInputs {
  readonly book: PolicyBook;
  readonly inForce: PolicyVersion | null;
  readonly counters: StoredCounters;
  readonly prices: Readonly<Record<string, string>>;
  readonly recipients: Recipients;
}

interface HoldDecision {
  readonly policy: HoldPolicy;
  readonly refusal: HoldRefusal | null;
  /** Approval that the hold waits for; null: none. */
  readonly asked: AskedApproval | null;
}

/** Spending policy of one batch: decides holds in order, each counted before the next. */
export class BatchPolicy {
  private readonly changes = new Map<string, KeyChanges>();
  private readonly before = new Map<string, Hold | undefined>();
  private readonly paid = new Map<string, PaidRecipient>();
  private readonly venueRules: readonly Rule[];

  constructor(private readonly inputs: BatchInputs) {
    this.venueRules = inputs.inForce?.set.rules.filter(dependsOnVenue) ?? [];
  }

  /**
   * Decides a requested hold at `at`. A hold allowed before a restore is counted, and not decided
   * again.
   */
  decide(command: PlaceHoldCommand, at: string, wasAllowed = false): HoldDecision {
    const priceEur = this.inputs.prices[command.data.asset] ?? null;
    const facts = factsOf(command, priceEur);
    const decision = this.decideFacts(facts, at);
    const { version } = this;
    const needed = wasAllowed ? null : decision.approval;
    const rules = askingRules(decision);
    const asked = needed && askedFor(command, needed, { version, rules, at });
    const isUnasked = needed !== null && asked === null;
    return {
      policy: policyOf(facts, {
        version,
        venue: this.venueRules.length === 0 ? null : facts.venue,
        used: usedBy(decision),
        history: this.storedHistory(facts, at),
        approval: asked?.approval ?? null,
      }),
      refusal: wasAllowed
        ? null
        : isUnasked
          ? { kind: 'policy_denied', rule: rules[0] ?? '' }
          : refusalOf(decision, at),
      asked,
    };
  }

  /** Evaluates the set in force for a withdrawal, without a change of the counters. */
  decideFacts(facts: Facts, at: string): Decision {
    const rules = this.inputs.inForce?.set.rules ?? [];
    if (!this.inputs.recipients.isBookOnly(facts.accountId)) return this.evaluate(rules, facts, at);
    return this.evaluate([...rules, bookOnlyRule(facts.accountId)], facts, at);
  }

  /** True if a rule refuses the recipient of a placed hold now, for example after a removal from the book. */
  refusesRecipient(hold: Hold, at: string): boolean {
    return this.decideFacts(storedFacts(hold), at).answers.some(
      ({ kind, answer }) => kind === 'recipient' && (answer === 'deny' || answer === 'unknown'),
    );
  }

  /** Decides a placed hold again, without its own count. */
  decideAgain(hold: Hold, at: string): Decision {
    const facts = storedFacts(hold);
    const priceEur = this.inputs.prices[facts.payout.asset] ?? facts.priceEur;
    this.count(hold, undefined);
    const decision = this.decideFacts({ ...facts, priceEur }, at);
    this.count(undefined, hold);
    return decision;
  }

  get version(): number {
    return this.inputs.inForce?.version ?? 0;
  }

  get groups(): RuleSet['groups'] {
    return this.inputs.inForce?.set.groups ?? {};
  }

  /**
   * Refusal of another venue for a placed hold, also if it needs more people than have approved;
   * null: the venue may pay.
   */
  refusalAt(hold: Hold, venue: string, at: string): HoldRefusal | null {
    if (this.venueRules.length === 0) return null;
    const decision = this.evaluate(this.venueRules, { ...storedFacts(hold), venue }, at);
    const granted = hold.grant === null ? [] : (hold.policy.approval?.quorums ?? []);
    const missing = decision.approval?.quorums.find(
      ({ group, need }) => !granted.some((one) => one.group === group && one.need >= need),
    );
    const [rule = ''] = askingRules(decision);
    return missing ? { kind: 'policy_denied', rule } : refusalOf(decision, at);
  }

  remember(book: Book, withdrawalId: string): void {
    if (this.follows() && !this.before.has(withdrawalId))
      this.before.set(withdrawalId, book.hold(withdrawalId));
  }

  /** Counts what the last command changed of a hold. */
  follow(book: Book, withdrawalId: string): void {
    if (!this.follows()) return;
    const [before, after] = [this.before.get(withdrawalId), book.hold(withdrawalId)];
    this.count(before, after);
    if (before?.state !== 'captured' && after?.state === 'captured') this.rememberPaid(after);
    this.before.set(withdrawalId, after);
  }

  /** Counts the change of a hold; undefined: there is none. */
  count(before: Hold | undefined, after: Hold | undefined): void {
    if (before === after) return;
    for (const meter of this.inputs.book.meters) {
      if (before) this.add(meter, before, -1);
      if (after) this.add(meter, after, 1);
    }
  }

  /** Recipients paid by the batch, while a published version has a rule about paid recipients. */
  paidRecipients(): readonly PaidRecipient[] {
    return [...this.paid.values()];
  }

  private rememberPaid({ accountId, policy }: Hold): void {
    const { recipient } = policy;
    if (recipient === null || !this.inputs.book.keepsPaidRecipients) return;
    const paid = { accountId, recipient };
    this.paid.set(paidKey(paid), paid);
  }

  private follows(): boolean {
    const { meters, keepsPaidRecipients } = this.inputs.book;
    return meters.length > 0 || keepsPaidRecipients;
  }

  private storedHistory(facts: Facts, at: string): HoldPolicy['history'] {
    const { recipients } = this.inputs;
    const history = recipients.historyOf(facts, at);
    return history && { ...history, isBookOnly: recipients.isBookOnly(facts.accountId) };
  }

  private evaluate(rules: readonly Rule[], stored: Facts, at: string): Decision {
    const { asset } = stored.payout;
    const facts = { ...stored, history: this.inputs.recipients.historyOf(stored, at) };
    const { offsetOf } = this.inputs.book;
    const counters = (rule: LimitRule, key: string) =>
      this.bucketsOf(rule, key, { asset, first: firstBucket(rule, Date.parse(at), offsetOf) });
    return evaluate({ rules }, facts, counters, offsetOf);
  }

  /** Returns the buckets of a counter from `first` on, with the changes of this batch. */
  private bucketsOf(
    rule: LimitRule,
    key: string,
    { asset, first }: { readonly asset: Amount['asset']; readonly first: number },
  ): readonly Bucket[] {
    const { book, inForce, counters } = this.inputs;
    const id = counterKey(book.meterOf(rule.name, inForce?.version ?? 0), key);
    const buckets = new Map<number, Amount>();
    for (const { start, used } of counters.get(id) ?? [])
      if (start >= first) buckets.set(start, counted(rule, used, asset));
    for (const [start, change] of this.changes.get(id)?.buckets ?? [])
      if (start >= first) buckets.set(start, buckets.get(start)?.plus(change) ?? change);
    return [...buckets].map(([start, used]) => ({ start, used }));
  }

  private add(meter: Meter, hold: Hold, sign: 1 | -1): void {
    const count = countOf(hold, meter, this.inputs.book.offsetOf);
    if (count === null) return;
    const { key, bucket } = count;
    const change = sign === 1 ? count.amount : count.amount.negated();
    const id = counterKey(meter.id, key);
    const none: KeyChanges = { meter: meter.id, key, buckets: new Map() };
    const known = this.changes.get(id) ?? none;
    known.buckets.set(bucket, known.buckets.get(bucket)?.plus(change) ?? change);
    this.changes.set(id, known);
  }
}

export function counterKey(meter: string, key: string): string {
  return `${meter} ${key}`;
}

/** Counts before the decision, by limit. */
function usedBy({ answers }: Decision): HoldPolicy['used'] {
  const used = answers.flatMap((answer) =>
    'used' in answer ? [[answer.rule, answer.used] as const] : [],
  );
  return used.length === 0 ? null : Object.fromEntries(used);
}

/** Returns the names of the rules that demand people. */
export function askingRules({ answers }: Decision): readonly string[] {
  return answers.flatMap(({ rule, answer }) => (answer === 'approval' ? rule : []));
}

/** A time already past is given as the time of the decision. */
export function refusalOf({ refusal }: Decision, at: string): HoldRefusal | null {
  if (refusal === null || refusal.kind === 'policy_denied') return refusal;
  const { freesAt } = refusal;
  const time = freesAt === null ? null : new Date(Math.max(freesAt, Date.parse(at))).toISOString();
  return { ...refusal, freesAt: time };
}
