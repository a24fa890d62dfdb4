import { ApiError } from '@sluice/http-api';
import { firstDifference, offsetByRuntime, transitionsOf, type RuleSet } from '@sluice/policy-core';
import type { Tx } from '@sluice/postgres';
import { loadZones, zonesOf } from './zones.js';

const DAYS_COMPARED = 3_653;

interface ZoneRow {
  readonly zone: string;
  readonly is_known: boolean;
  readonly is_abbreviation: boolean;
  readonly now: Date;
}

/**
 * Refuses zones of calendar days that PostgreSQL and this process do not read alike during the next
 * ten years. PostgreSQL decides the days; a different reading would surprise the people who publish
 * the rules. PostgreSQL reads an abbreviation such as `CET` as a fixed offset.
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
