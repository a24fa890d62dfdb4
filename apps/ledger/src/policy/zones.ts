import type { Rule, Transition, ZoneTable } from '@sluice/policy-core';
import type { Tx } from '@sluice/postgres';

/** Days of a table before and after the present. */
const DAYS = 800;

/** Returns each zone of the limits once. */
export function zonesOf(rules: readonly Rule[]): readonly string[] {
  const zones = rules.flatMap((rule) => (rule.kind === 'limit' ? (rule.timeZone ?? []) : []));
  return [...new Set(zones)];
}

/**
 * Returns PostgreSQL's offsets of zones, between 800 days before and after the present by default.
 * The triggers count calendar days by these offsets, so no other program may decide the day. Throws
 * for a zone that PostgreSQL does not know.
 */
export async function loadZones(
  source: Pick<Tx, 'query'>,
  zones: readonly string[],
  { since = null, daysAfter = DAYS }: { readonly since?: string | null; daysAfter?: number } = {},
): Promise<ZoneTable> {
  const table = new Map<string, Transition[]>();
  if (zones.length === 0) return table;
  const rows = await source.query<{ zone: string; from: number; offset: number }>(TRANSITIONS, [
    zones,
    since,
    DAYS,
    daysAfter,
  ]);
  for (const { zone, from, offset } of rows)
    table.set(zone, [...(table.get(zone) ?? []), { from, offset }]);
  return table;
}

const offsetSql = (atSql: string, zoneSql: string): string =>
  `(extract(epoch FROM (${atSql} AT TIME ZONE ${zoneSql}) - (${atSql} AT TIME ZONE 'UTC')) * 1000)::float8`;

/** Present offsets of the zones $1, by zone; null without zones. */
export const OFFSETS_NOW = `
  SELECT json_object_agg(zone, ${offsetSql('statement_timestamp()', 'zone')}) FROM unnest($1::text[]) AS zone`;

/** Compares the offsets of neighbouring days, and looks for the minute of each change. */
const TRANSITIONS = `
  WITH day AS (
    SELECT zone, at, ${offsetSql('at', 'zone')} AS offset
      FROM unnest($1::text[]) AS zone,
           generate_series(date_trunc('day', coalesce($2::timestamptz, clock_timestamp() - $3 * interval '24 hours'), 'UTC') - interval '48 hours', clock_timestamp() + $4 * interval '24 hours', interval '24 hours') AS at),
  changed AS (
    SELECT zone, at, "offset", lag("offset") OVER (PARTITION BY zone ORDER BY at) AS before FROM day)
  SELECT zone, (extract(epoch FROM CASE WHEN before IS NULL THEN at ELSE (
           SELECT min(minute) FROM generate_series(at - interval '24 hours', at, interval '1 minute') AS minute WHERE ${offsetSql('minute', 'zone')} = "offset") END) * 1000)::float8 AS "from", "offset"
    FROM changed WHERE before IS NULL OR before <> "offset" ORDER BY zone, at`;
