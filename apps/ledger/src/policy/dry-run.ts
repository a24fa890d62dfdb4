import { setImmediate } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import type { DryRunDto, DryRunPolicyDto } from '@sluice/http-api';
import type { Hold } from '@sluice/ledger-core';
import {
  DEFAULT_RULE_SET,
  type Facts,
  needsPaidRecipients,
  type RuleSet,
  type ZoneTable,
} from '@sluice/policy-core';
import { Database } from '@sluice/postgres';
import { monotonicMs } from '@sluice/runtime';
import { accountPartOf, endsPartOf } from '../address-book/entry-rows.js';
import { HOLD_ROW, holdFrom, type HoldRow } from '../postgres/hold-row.js';
import { askingRules, BatchPolicy } from './batch-policy.js';
import { loadZones, refuseUncertainZones, zonesOf } from './zones.js';
import { NO_COUNTERS } from './load-batch-policy.js';
import { decidedFacts, meterIdOf, storedFacts } from './hold-facts.js';
import {
  loadRecipients,
  paidKey,
  type PaidRecipient,
  type Recipients,
  type RecipientSources,
} from './recipients.js';
import { Policies } from './policies.js';
import { PolicyBook } from './policy-book.js';
import { ruleSetOf } from './publish-policy.js';

/** Changed decisions in an answer; the answer counts all of them. */
const MOST_SHOWN = 1_000;
/** Length of a turn in milliseconds. Between two turns the process does its other work. */
const TURN_MS = 20;

@Injectable()
export class DryRun {
  constructor(
    private readonly database: Database,
    private readonly policies: Policies,
  ) {}

  /**
   * Replays the last requests under the set in force and under the given set, from empty counters.
   * Requests refused for another reason than the policy are left out.
   */
  async run({ policy, last }: DryRunPolicyDto): Promise<DryRunDto> {
    const next = ruleSetOf(policy);
    await refuseUncertainZones(this.database, next);
    const { book, settings, now } = await this.policies.read(this.database);
    const prices = await this.policies.recentPrices(this.database, next.priceMaxAgeMinutes);
    const rows = await this.database.query<HoldRow>(LAST, [last]);
    const holds: Hold[] = [];
    await inTurns(rows, (row) => {
      const hold = holdFrom(row);
      if (wasDecidedByThePolicy(hold)) holds.push(hold);
    });
    const inForce = book.inForce(now)?.set ?? DEFAULT_RULE_SET;
    const rules = [...inForce.rules, ...next.rules];
    const sources = { rules, settings, seals: this.policies.seals, now };
    const recipients = await replayedRecipients(this.database, sources, holds);
    const since = holds[0]?.decidedAt ?? null;
    const zones = await loadZones(this.database, zonesOf(rules), { since });
    const present = new Replay(inForce, { prices, recipients, zones });
    const proposed = new Replay(next, { prices, recipients, zones });
    const changed: DryRunDto['changed'][number][] = [];
    let [requests, changes, refusedBefore, refusedAfter] = [0, 0, 0, 0];
    await inTurns(holds, (hold) => {
      requests++;
      const [before, after] = [present.decide(hold), proposed.decide(hold)];
      if (before.verdict === 'deny') refusedBefore++;
      if (after.verdict === 'deny') refusedAfter++;
      if (before.verdict === after.verdict && before.people === after.people) return;
      changes++;
      if (changed.length < MOST_SHOWN) changed.push(changeOf(hold, before, after));
    });
    return {
      requests,
      since,
      refused_before: refusedBefore,
      refused_after: refusedAfter,
      changes,
      changed,
    };
  }
}

/** Lets other work of the process run between two turns. */
async function inTurns<T>(items: readonly T[], work: (item: T) => void): Promise<void> {
  let turnEnds = 0;
  for (const item of items) {
    if (monotonicMs() >= turnEnds) {
      await setImmediate();
      turnEnds = monotonicMs() + TURN_MS;
    }
    work(item);
  }
}

interface Ended {
  readonly placed: Hold;
  readonly ended: Hold;
  readonly at: string;
}

interface Replayed {
  readonly verdict: 'allow' | 'approval' | 'deny';
  /** People who would have to approve; null without an approval. */
  readonly people: string | null;
  /** Rule that refuses, or demands people. */
  readonly rule: string | null;
}

interface ReplayInputs {
  readonly prices: Readonly<Record<string, string>>;
  readonly recipients: Recipients;
  readonly zones: ZoneTable;
}

class Replay {
  private readonly policy: BatchPolicy;
  /** Counted holds whose end is still to come, the latest first. */
  private readonly open: Ended[] = [];

  private readonly prices: ReplayInputs['prices'];

  constructor(set: RuleSet, { prices, recipients, zones }: ReplayInputs) {
    this.prices = prices;
    const times = { startsAt: new Date(0), publishedAt: new Date(0) };
    const people = { requestedBy: '', approvedBy: '' };
    const inForce = { version: 1, follows: 0, set, ...times, ...people };
    const limits = set.rules.filter((rule) => rule.kind === 'limit');
    const meters = new Map(limits.map((rule) => [meterIdOf(rule), rule]));
    const counting = [...meters].map(([id, rule]) => ({ id, rule, prices }));
    const book = new PolicyBook(1, [inForce], counting, zones);
    this.policy = new BatchPolicy({ book, inForce, counters: NO_COUNTERS, prices, recipients });
  }

  /** Decides a request. A request that is allowed, or waits for people, is counted. */
  decide(hold: Hold): Replayed {
    this.endUntil(hold.decidedAt);
    const facts = decidedFacts(hold);
    const priceEur = facts.priceEur ?? this.prices[facts.payout.asset] ?? null;
    const decision = this.policy.decideFacts({ ...facts, priceEur }, hold.decidedAt);
    const { refusal, approval } = decision;
    if (refusal !== null) return { verdict: 'deny', people: null, rule: refusal.rule };
    const placed = placedAgain(hold);
    this.policy.count(undefined, placed);
    if ('closedAt' in hold) this.keep({ placed, ended: hold, at: hold.closedAt });
    if (approval === null) return { verdict: 'allow', people: null, rule: null };
    const people = approval.quorums.map(({ group, need }) => `${need} of ${group}`).join(', ');
    return { verdict: 'approval', people, rule: askingRules(decision)[0] ?? null };
  }

  /** Inserts by binary search: most holds end in the order of their decisions. */
  private keep(one: Ended): void {
    let [from, to] = [0, this.open.length];
    while (from < to) {
      const middle = (from + to) >>> 1;
      if ((this.open[middle]?.at ?? '') > one.at) from = middle + 1;
      else to = middle;
    }
    this.open.splice(from, 0, one);
  }

  private endUntil(at: string): void {
    for (let last = this.open.at(-1); last && last.at <= at; last = this.open.at(-1)) {
      this.policy.count(last.placed, last.ended);
      this.open.pop();
    }
  }
}

/** A request refused by the policy might have been paid in full under another set. */
function wasDecidedByThePolicy(hold: Hold): boolean {
  return hold.state !== 'refused' || 'rule' in hold.refusal;
}

function placedAgain(hold: Hold): Hold {
  return { ...hold, state: 'placed', expiresAt: null, submissionStartedAt: null };
}

function changeOf(hold: Hold, before: Replayed, after: Replayed): DryRunDto['changed'][number] {
  return {
    withdrawal_id: hold.withdrawalId,
    account_id: hold.accountId,
    asset: hold.amount.asset,
    payout: hold.policy.payout.toString(),
    decided_at: hold.decidedAt,
    before: verdictOf(before),
    after: verdictOf(after),
    rule: after.rule ?? before.rule ?? '',
  };
}

function verdictOf({ verdict, people }: Replayed): string {
  return people === null ? verdict : `${verdict} (${people})`;
}

const LAST = `
  SELECT * FROM (SELECT ${HOLD_ROW} FROM hold ORDER BY withdrawal_id DESC LIMIT $1) AS last ORDER BY "decidedAt", "withdrawalId"`;

/**
 * Facts about recipients: payments count from their capture on, address books are the present ones.
 */
async function replayedRecipients(
  database: Database,
  sources: RecipientSources,
  requests: readonly Hold[],
): Promise<Recipients> {
  const withdrawals = requests.map(storedFacts);
  const known = await loadRecipients(database, sources, withdrawals);
  if (!needsPaidRecipients(sources.rules)) return known;
  const payments = await firstPayments(database, withdrawals);
  return {
    isBookOnly: known.isBookOnly,
    historyOf: (facts, at) => {
      const history = known.historyOf(facts, at);
      const { accountId, recipient } = facts;
      if (history === null || recipient === null) return null;
      const asked = { accountId, recipient };
      const firstAt = payments.firstAt.get(paidKey(asked));
      const wasPaid = firstAt !== undefined && firstAt <= at;
      const resemblesPaid = (payments.byEnds.get(endsKey(asked)) ?? []).some(
        (one) => one.closedAt <= at && accountPartOf(one.recipient) !== accountPartOf(recipient),
      );
      return { ...history, wasPaid, resemblesPaid };
    },
  };
}

interface FirstPayment extends PaidRecipient {
  /** Time of the capture. */
  readonly closedAt: string;
}

async function firstPayments(
  database: Database,
  withdrawals: readonly Facts[],
): Promise<{
  firstAt: ReadonlyMap<string, string>;
  byEnds: ReadonlyMap<string, readonly FirstPayment[]>;
}> {
  const accounts = [...new Set(withdrawals.map(({ accountId }) => accountId))];
  const rows = await database.query<PaidRecipient & { closedAt: Date }>(FIRST, [accounts]);
  const firstAt = new Map<string, string>();
  const byEnds = new Map<string, FirstPayment[]>();
  for (const row of rows) {
    const payment = { ...row, closedAt: row.closedAt.toISOString() };
    firstAt.set(paidKey(row), payment.closedAt);
    if (endsPartOf(row.recipient) === '') continue;
    const similar = byEnds.get(endsKey(row));
    if (similar) similar.push(payment);
    else byEnds.set(endsKey(row), [payment]);
  }
  return { firstAt, byEnds };
}

function endsKey({ accountId, recipient }: PaidRecipient): string {
  return `${accountId} ${endsPartOf(recipient)}`;
}

const FIRST = `
  SELECT account_id AS "accountId", recipient, min(closed_at) AS "closedAt" FROM hold
   WHERE state = 'captured' AND recipient IS NOT NULL AND account_id = ANY ($1::uuid[])
   GROUP BY account_id, recipient`;
