import { randomUUIDv7 } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import {
  Amount,
  currencyOf,
  networkOf,
  ok,
  refuse,
  wireDestination,
  type Result,
} from '@sluice/kernel';
import type { PolicyPreviewDto, PreviewPolicyDto } from '@sluice/http-api';
import { Database, forAllAccounts } from '@sluice/postgres';
import {
  isSameRequest,
  totalOf,
  type PricedOrder,
  type State,
  type WithdrawalRequest,
} from '@sluice/withdrawal-core';
import type { ApiKey } from '../../api-keys/key-store.js';
import { LedgerClient } from '../../other-services/ledger-client.js';
import { LOOK_UP_WITHIN_MS, remainingMs, withDeadline } from '../../http/deadline.js';
import { RequestRules } from '../requests/request-rules.js';
import type { HoldRefused, WithdrawalRefusal } from '../answers/withdrawal-refusal.js';
import type { StoredWithdrawal } from '../../rows/withdrawal-store.js';

/** Expected result of a request. `earlier`: the reference has created this withdrawal already. */
export type Preview =
  | { readonly kind: 'earlier'; readonly stored: StoredWithdrawal }
  | {
      readonly kind: 'new';
      readonly order: PricedOrder;
      readonly decimals: number;
      /** Expected start in the venue's queue; null without a queue. */
      readonly expectedAt: Date | null;
      /** State in which the request would wait for people; null: none. */
      readonly waitsIn: State | null;
    };

type Refusable<T> = Result<T, WithdrawalRefusal>;

/**
 * `POST /v1/withdrawals/preview`: performs all checks of the real request in the same order, and
 * writes no data and assigns no number. The ledger is queried for balance, signers and spending
 * policy. Only a freeze of the account is not detected before the real request.
 */
@Injectable()
export class PreviewWithdrawal {
  constructor(
    private readonly rules: RequestRules,
    private readonly database: Database,
    @Inject(LedgerClient)
    private readonly ledger: Pick<LedgerClient, 'balances' | 'previewPolicy' | 'signers'>,
  ) {}

  /**
   * Throws DeadlineError if the database is slow, and ServiceAwayError if the ledger is
   * unavailable.
   */
  async run(
    request: WithdrawalRequest,
    caller: ApiKey,
    arrivedAtMs: number,
  ): Promise<Refusable<Preview>> {
    const ruled = await this.rules.apply(request, caller, { id: randomUUIDv7(), arrivedAtMs });
    if (ruled.kind === 'refused') return refuse(ruled.refusal);
    const earlier =
      ruled.kind === 'earlier'
        ? ruled.stored
        : await this.rules.findEarlier(request, caller, arrivedAtMs);
    if (earlier)
      return isSameRequest(earlier.withdrawal.order, request)
        ? ok({ kind: 'earlier', stored: earlier })
        : refuse({ kind: 'reference_reused' });
    if (ruled.kind === 'earlier') return ok(ruled);

    const { order } = ruled.priced;
    const judged = await this.judgeHold(order, caller);
    if (!judged.ok) return judged;
    const looking = this.endOfQueue(order.venue);
    const withinMs = remainingMs(LOOK_UP_WITHIN_MS, arrivedAtMs);
    const expectedAt = await withDeadline(looking, withinMs, 'unavailable');
    const { decimals } = ruled;
    return ok({ kind: 'new', order, decimals, expectedAt, waitsIn: judged.value });
  }

  /**
   * Returns the state in which the hold would wait for people, or null. Refusals have the ledger's
   * order.
   */
  private async judgeHold(order: PricedOrder, caller: ApiKey): Promise<Refusable<State | null>> {
    const asset = { currency: currencyOf(order.asset), network: networkOf(order.asset) };
    const [signers, policy, [balance]] = await Promise.all([
      this.ledger.signers(order.accountId),
      this.ledger.previewPolicy(underPolicy(order)),
      this.ledger.balances(order.accountId, asset),
    ]);
    const signs = signers.some(
      ({ in_force, key_id, public_key }) =>
        in_force && key_id === caller.keyId && public_key === caller.secret,
    );
    if (signers.length > 0 && !(caller.algorithm === 'ed25519' && signs))
      return refuse({ kind: 'hold_refused', reason: 'order_not_signed' });
    const denied = refusalByPolicy(policy);
    if (denied !== null) return refuse(denied);
    const available = Amount.of(balance?.available ?? '0', order.asset);
    return available.lessThan(totalOf(order))
      ? refuse({ kind: 'hold_refused', reason: 'insufficient_funds' })
      : ok(policy.verdict === 'approval' ? 'awaiting_approval' : null);
  }

  /**
   * Returns the expected time of the last queued withdrawal at a venue. Includes all accounts,
   * because accounts share the queue.
   */
  private async endOfQueue(venue: string): Promise<Date | null> {
    const [last] = await forAllAccounts(() =>
      this.database.query<{ at: Date | null }>(END_OF_QUEUE, [venue]),
    );
    return last?.at ?? null;
  }
}

function underPolicy(order: PricedOrder): PreviewPolicyDto {
  return {
    account_id: order.accountId,
    key_id: order.keyId,
    asset: order.asset,
    amount: order.amount.toString(),
    destination: wireDestination(order.destination),
    venue: order.venue,
  };
}

function refusalByPolicy(policy: PolicyPreviewDto): HoldRefused | null {
  if (policy.verdict !== 'deny') return null;
  const { reason, rule, remaining, unit, frees_at: freesAt } = policy;
  const policyRefusal = rule === null ? null : { rule, remaining, unit, freesAt };
  return { kind: 'hold_refused', reason, policyRefusal };
}

/** A queue ends with the youngest. */
const END_OF_QUEUE = `
  SELECT max(expected_at) AS at FROM (SELECT venue, state, expected_at FROM withdrawal ORDER BY number DESC LIMIT 500) AS youngest
   WHERE venue = $1 AND state = 'submitting' AND expected_at > clock_timestamp()`;
