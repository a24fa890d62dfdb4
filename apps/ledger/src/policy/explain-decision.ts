import { Injectable } from '@nestjs/common';
import {
  ApiError,
  type PolicyDecisionDto,
  type PolicyPreviewDto,
  type PreviewPolicyDto,
} from '@sluice/http-api';
import type { Hold } from '@sluice/ledger-core';
import {
  bookOnlyRule,
  counted,
  DEFAULT_RULE_SET,
  describeRule,
  evaluate,
  type RuleAnswer,
  type RuleSet,
} from '@sluice/policy-core';
import { Database } from '@sluice/postgres';
import { recipientOf } from '../address-book/entry-rows.js';
import { HOLD_ROW, holdFrom, type HoldRow } from '../postgres/hold-row.js';
import { amountOf } from '../wire/wire.js';
import { BatchPolicy, refusalOf } from './batch-policy.js';
import { neededCounters, readCounters } from './load-batch-policy.js';
import { decidedFacts } from './hold-facts.js';
import { Policies } from './policies.js';
import { loadRecipients } from './recipients.js';

@Injectable()
export class ExplainDecision {
  constructor(
    private readonly database: Database,
    private readonly policies: Policies,
  ) {}

  async run(withdrawalId: string): Promise<PolicyDecisionDto> {
    const [row] = await this.database.query<HoldRow>(
      `SELECT ${HOLD_ROW} FROM hold WHERE withdrawal_id = $1`,
      [withdrawalId],
    );
    if (!row) throw ApiError.notFound('The ledger has no hold for this withdrawal');
    const hold = holdFrom(row);
    return decisionOf(hold, await this.setOf(hold.policy.version));
  }

  private async setOf(version: number): Promise<RuleSet> {
    if (version === 0) return DEFAULT_RULE_SET;
    const { book } = await this.policies.read(this.database);
    const published = book.versions.find((one) => one.version === version);
    if (!published)
      throw ApiError.conflict(`Version ${version} of the policy has no valid seal any more`);
    return published.set;
  }
}

/** Evaluates the set again, by the counts that were stored with the decision. */
function decisionOf(hold: Hold, set: RuleSet): PolicyDecisionDto {
  const { policy } = hold;
  const facts = decidedFacts(hold);
  const { asset } = hold.amount;
  const rules = policy.history?.isBookOnly
    ? [...set.rules, bookOnlyRule(hold.accountId)]
    : set.rules;
  const { answers, refusal, approval } = evaluate({ rules }, facts, (rule) => [
    { start: 0, used: counted(rule, policy.used?.[rule.name] ?? '0', asset) },
  ]);
  const textOf = new Map(rules.map((rule) => [rule.name, describeRule(rule)]));
  return {
    withdrawal_id: hold.withdrawalId,
    account_id: hold.accountId,
    asset,
    payout: policy.payout.toString(),
    key_id: policy.keyId,
    recipient: policy.recipient,
    price_eur: policy.priceEur,
    decided_at: hold.decidedAt,
    version: policy.version,
    allowed: refusal === null,
    approval: approval?.quorums.map(({ group, need }) => `${need} of ${group}`).join(', ') ?? null,
    answers: answers.map((answer) => answerView(answer, textOf.get(answer.rule) ?? '')),
  };
}

function answerView(answer: RuleAnswer, text: string): PolicyDecisionDto['answers'][number] {
  const figures = 'used' in answer ? answer : null;
  const asked = 'above' in answer ? answer : null;
  return {
    rule: answer.rule,
    text,
    answer: answer.answer,
    missing: answer.answer === 'unknown' ? answer.missing : null,
    unit: figures?.unit ?? asked?.unit ?? null,
    used: figures?.used ?? null,
    amount: figures?.amount ?? asked?.amount ?? null,
    max: figures?.max ?? asked?.above ?? null,
  };
}

/** Decides a withdrawal as if it were requested now. It locks and reserves no capacity. */
@Injectable()
export class PreviewPolicy {
  constructor(
    private readonly database: Database,
    private readonly policies: Policies,
  ) {}

  async run(request: PreviewPolicyDto): Promise<PolicyPreviewDto> {
    const { book, settings, now } = await this.policies.read(this.database);
    const inForce = book.requireInForce(now);
    if (inForce === null && settings.isEmpty) return ALLOWED;
    const { rules, priceMaxAgeMinutes } = inForce?.set ?? DEFAULT_RULE_SET;
    const prices = await this.policies.recentPrices(this.database, priceMaxAgeMinutes);
    const facts = {
      accountId: request.account_id,
      keyId: request.key_id,
      payout: amountOf(request.amount, request.asset),
      recipient: recipientOf(request.destination),
      venue: request.venue,
      priceEur: prices[request.asset] ?? null,
      history: null,
    };
    const at = now.toISOString();
    const needed = neededCounters(book, inForce, [facts], at);
    const counters = await readCounters(this.database, needed);
    const { seals } = this.policies;
    const sources = { rules, settings, seals, now };
    const recipients = await loadRecipients(this.database, sources, [facts]);
    const policy = new BatchPolicy({ book, inForce, counters, prices, recipients });
    const decision = policy.decideFacts(facts, at);
    const refusal = refusalOf(decision, at);
    if (refusal === null) return decision.approval === null ? ALLOWED : WAITS;
    if (refusal.kind === 'policy_denied')
      return { ...ALLOWED, verdict: 'deny', reason: refusal.kind, rule: refusal.rule };
    if (refusal.kind !== 'limit_exceeded')
      throw new Error(`no refusal of a policy: ${refusal.kind}`);
    const { kind: reason, freesAt: frees_at, ...rest } = refusal;
    return { verdict: 'deny', reason, frees_at, ...rest };
  }
}

const ALLOWED: PolicyPreviewDto = {
  verdict: 'allow',
  reason: null,
  rule: null,
  remaining: null,
  unit: null,
  frees_at: null,
};

const WAITS: PolicyPreviewDto = { ...ALLOWED, verdict: 'approval' };
