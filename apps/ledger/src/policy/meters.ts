import { createHash } from 'node:crypto';
import { meterText, type LimitRule } from '@sluice/policy-core';
import { isAsset, type RowOf } from '@sluice/kernel';

/**
 * Meter: what a limit counts, without its maximum. Every hold is counted by every meter, whether or
 * not its rule is in force.
 */
export interface Meter {
  readonly id: string;
  /** Rule with the name and maximum of no rule: only its counting part has a meaning. */
  readonly rule: LimitRule;
  /** EUR prices of the publishing, for holds without a price of their own. */
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

/**
 * True if the row counts what its id stands for. Another row was inserted by another writer of the
 * database, and would count too little.
 */
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
