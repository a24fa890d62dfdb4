import { createHash } from 'node:crypto';
import { isAsset, type RowOf } from '@sluice/kernel';
import type { Hold, HoldPolicy } from '@sluice/ledger-core';
import {
  type Charge,
  chargeOf,
  type Facts,
  type LimitRule,
  meterText,
  type OffsetOf,
} from '@sluice/policy-core';
import { recipientOf } from '../address-book/entry-rows.js';
import type { PlaceHoldCommand } from '../wire/ledger-command.js';
import { amountOf } from '../wire/wire.js';

/**
 * Facts of a requested hold. Without an order, the whole amount counts. The key must be that of a
 * signed request.
 */
export function factsOf({ data }: PlaceHoldCommand, priceEur: string | null): Facts {
  const { accountId, asset, amount, payout, keyId, venue, signedRequest } = data;
  const isOther = signedRequest !== undefined && signedRequest.keyId !== keyId;
  return {
    accountId,
    keyId: isOther ? null : (keyId ?? null),
    payout: amountOf(payout ?? amount, asset),
    recipient: data.destination === undefined ? null : recipientOf(data.destination),
    venue: venue ?? null,
    priceEur,
    history: null,
  };
}

export function storedFacts({ accountId, assignedTo: venue, policy }: Hold): Facts {
  const { keyId, payout, recipient, priceEur, history } = policy;
  return { accountId, keyId, payout, recipient, venue, priceEur, history };
}

/** Facts of a stored hold at its decision. A fail-over has changed only the venue since. */
export function decidedFacts(hold: Hold): Facts {
  const facts = storedFacts(hold);
  return { ...facts, venue: hold.policy.venue ?? facts.venue };
}

export function policyOf(
  facts: Facts,
  rest: Pick<HoldPolicy, 'version' | 'venue' | 'used' | 'history' | 'approval'>,
): HoldPolicy {
  const { payout, keyId, recipient, priceEur } = facts;
  return { payout, keyId, recipient, priceEur, ...rest };
}

/**
 * Count of a hold at a meter; null if not counted. A captured hold counts what was paid, an ended
 * one nothing.
 */
export function countOf(hold: Hold, { rule, prices }: Meter, offsetOf: OffsetOf): Charge | null {
  if (hold.state !== 'placed' && hold.state !== 'captured') return null;
  const facts = storedFacts(hold);
  const { payout, priceEur } = facts;
  const paid = hold.state === 'captured' ? hold.captured : payout;
  const since = dependsOnVenue(rule) ? (hold.assignedAt ?? hold.decidedAt) : hold.decidedAt;
  const complete = { ...facts, payout: paid, priceEur: priceEur ?? prices[payout.asset] ?? null };
  return chargeOf(rule, complete, Date.parse(since), offsetOf);
}

/** A meter is the counting part of a limit, without the maximum. Every meter counts every hold. */
export interface Meter {
  readonly id: string;
  /** Rule with the name and maximum of no rule: only its counting part has a meaning. */
  readonly rule: LimitRule;
  readonly prices: Readonly<Record<string, string>>;
}

/** Columns of the table `policy_meter`, which the view `policy_use` reads. */
export const METER_COLUMNS = {
  id: { column: 'id', type: 'text' },
  accounts: { column: 'accounts', type: 'text[]', nullable: true },
  keys: { column: 'keys', type: 'text[]', nullable: true },
  assets: { column: 'assets', type: 'text[]', nullable: true },
  venues: { column: 'venues', type: 'text[]', nullable: true },
  per: { column: 'per', type: 'text[]' },
  unit: { column: 'unit', type: 'text' },
  period: { column: 'period', type: 'text' },
  timeZone: { column: 'time_zone', type: 'text', nullable: true },
  prices: { column: 'prices', type: 'jsonb' },
} as const;

export type MeterRow = RowOf<typeof METER_COLUMNS>;

/** Returns the id of the meter of a rule: a digest of its counting part. */
export function meterIdOf(rule: LimitRule): string {
  return createHash('sha256').update(meterText(rule)).digest('hex').slice(0, 32);
}

export function meterRow(rule: LimitRule, prices: Meter['prices']): MeterRow {
  const { scope, per, unit, window: period, timeZone } = rule;
  const { accounts = null, keys = null, assets = null, venues = null } = scope;
  const scoped = { accounts, keys, assets, venues };
  return { id: meterIdOf(rule), ...scoped, per, unit, period, timeZone, prices };
}

export function meterFrom(row: MeterRow): Meter {
  const { accounts, keys, assets, venues, timeZone } = row;
  const scope = {
    ...(accounts && { accounts }),
    ...(keys && { keys }),
    ...(assets && { assets: assets.filter(isAsset) }),
    ...(venues && { venues }),
  };
  const rule = {
    kind: 'limit',
    name: row.id,
    scope,
    per: row.per as LimitRule['per'],
    max: '0',
    unit: row.unit as LimitRule['unit'],
    window: row.period as LimitRule['window'],
    timeZone,
  } as const;
  return { id: row.id, rule, prices: row.prices as Meter['prices'] };
}

/** False for a row inserted by another writer, which would count too little. */
export function isGenuine(row: MeterRow): boolean {
  return meterIdOf(meterFrom(row).rule) === row.id;
}

/** True if a change of the venue changes the count or the answer of a rule. */
export function dependsOnVenue(rule: {
  readonly scope: LimitRule['scope'];
  readonly per?: LimitRule['per'];
}): boolean {
  return rule.scope.venues !== undefined || rule.per?.includes('venue') === true;
}
