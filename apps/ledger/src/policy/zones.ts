import { ApiError } from '@sluice/http-api';
import {
  firstDifference,
  offsetByRuntime,
  type Rule,
  type RuleSet,
  type Transition,
  transitionsOf,
  type ZoneTable,
} from '@sluice/policy-core';
import type { Tx } from '@sluice/postgres';

/** Days of a table before and after the present. */
const DAYS = 800;

export function zonesOf(rules: readonly Rule[]): readonly string[] {
  const zones = rules.flatMap((rule) => (rule.kind === 'limit' ? (rule.timeZone ?? []) : []));
  return [...new Set(zones)];
}

/**
 * PostgreSQL's offsets of zones, by default 800 days around the present: its triggers count
 * calendar days by them. Throws for an unknown zone.
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

const DAYS_COMPARED = 3_653;

interface ZoneRow {
  readonly zone: string;
  readonly is_known: boolean;
  readonly is_abbreviation: boolean;
  readonly now: Date;
}

/**
 * Refuses zones that PostgreSQL and this process read differently in the next ten years, such as
 * `CET`, to PostgreSQL a fixed offset.
 */
export async function refuseUncertainZones(
  source: Pick<Tx, 'query'>,
  { rules }: RuleSet,
): Promise<void> {
  const zones = zonesOf(rules);
  if (zones.length === 0) return;
  const rows = await source.query<ZoneRow>(ZONES, [zones]);
  const known = rows.filter((row) => row.is_known).map(({ zone }) => zone);
  const since = (rows[0]?.now ?? new Date(0)).toISOString();
  const table = await loadZones(source, known, { since, daysAfter: DAYS_COMPARED });
  const faults = rows.flatMap((row) => {
    const transitions = table.get(row.zone) ?? [];
    return faultOf(row, firstDifferenceOf(row.zone, transitions)) ?? [];
  });
  if (faults.length > 0) throw ApiError.invalid(faults.map((fault) => `policy.rules: ${fault}`));
}

type Transitions = Parameters<typeof firstDifference>[0];

function firstDifferenceOf(zone: string, transitions: Transitions): number | null {
  const [first] = transitions;
  if (!first) return null;
  const until = first.from + DAYS_COMPARED * 86_400_000;
  const ours = transitionsOf(zone, [first.from, until], offsetByRuntime);
  const theirs = transitions.filter(({ from }) => from <= until);
  return firstDifference(
    ours.filter(({ from }) => from <= until),
    theirs,
  );
}

function faultOf(
  { zone, is_known: isKnown, is_abbreviation: isAbbreviation }: ZoneRow,
  difference: number | null,
): string | null {
  if (!isKnown) return `PostgreSQL does not know the time zone ${zone}`;
  const another = 'name the zone of a city, such as Europe/Berlin, or UTC';
  if (difference !== null)
    return `PostgreSQL and the ledger differ on the time zone ${zone} from ${new Date(difference).toISOString()} on: ${another}`;
  if (isAbbreviation)
    return `PostgreSQL reads the time zone ${zone} as an abbreviation: ${another}`;
  return null;
}

const ZONES = `
  SELECT zone, zone IN (SELECT name FROM pg_timezone_names) AS is_known,
         zone <> 'UTC' AND upper(zone) IN (SELECT abbrev FROM pg_timezone_abbrevs) AS is_abbreviation, clock_timestamp() AS now
    FROM unnest($1::text[]) AS zone`;
