import { Injectable } from '@nestjs/common';
import { ApiError, type PolicyDecisionDto } from '@sluice/http-api';
import type { Hold } from '@sluice/ledger-core';
import {
  bookOnlyRule,
  counted,
  describeRule,
  evaluate,
  DEFAULT_RULE_SET,
  type RuleAnswer,
  type RuleSet,
} from '@sluice/policy-core';
import { Database } from '@sluice/postgres';
import { HOLD_ROW, holdFrom, type HoldRow } from '../postgres/hold-row.js';
import { decidedFacts } from './hold-facts.js';
import { Policies } from './policies.js';

/** Explains the stored decision on a withdrawal: every rule, its input and its answer. */
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
