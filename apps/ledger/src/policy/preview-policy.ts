import { Injectable } from '@nestjs/common';
import type { PolicyPreviewDto, PreviewPolicyDto } from '@sluice/http-api';
import { DEFAULT_RULE_SET } from '@sluice/policy-core';
import { Database } from '@sluice/postgres';
import { amountOf } from '../wire/wire.js';
import { BatchPolicy, refusalOf } from './batch-policy.js';
import { neededCounters, readCounters } from './counters.js';
import { Policies } from './policies.js';
import { recipientOf } from '../address-book/recipient-key.js';
import { loadRecipients } from './recipients.js';

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
