import { ApiError, type PolicyUseDto } from '@sluice/http-api';
import type { Asset } from '@sluice/kernel';
import { counted, COUNTED_PER, firstBucket, type LimitRule } from '@sluice/policy-core';
import type { Database } from '@sluice/postgres';
import type { PolicyBook } from './policy-book.js';

/** Keys that are looked at per limit, and when one limit is asked for. */
const KEYS_OF_EACH = 200;
const KEYS_OF_ONE = 5_000;

type LimitUse = PolicyUseDto['limits'][number];

interface UseRow {
  readonly place: number;
  readonly key: string;
  /** Null without a count in the window. */
  readonly used: string | null;
  readonly seen: number;
}

/** Present counts of the limits in force, the highest of each first. Throws 404 for another rule. */
export async function policyUse(
  database: Pick<Database, 'query'>,
  book: PolicyBook,
  now: Date,
  only?: string,
): Promise<PolicyUseDto> {
  const inForce = book.inForce(now);
  const limits = (inForce?.set.rules ?? [])
    .filter((rule) => rule.kind === 'limit')
    .filter(({ name }) => only === undefined || name === only);
  if (only !== undefined && limits.length === 0)
    throw ApiError.notFound('No limit in force has this name');
  const most = only === undefined ? KEYS_OF_EACH : KEYS_OF_ONE;
  const version = inForce?.version ?? 0;
  const rows = await database.query<UseRow>(USES, [
    limits.map(({ name }) => book.meterOf(name, version)),
    limits.map((rule) => new Date(firstBucket(rule, now.getTime(), book.offsetOf)).toISOString()),
    most,
  ]);
  const byPlace = Map.groupBy(rows, ({ place }) => place);
  return {
    version,
    at: now.toISOString(),
    limits: limits.map((rule, at) => limitUse(rule, byPlace.get(at + 1) ?? [], most)),
  };
}

function limitUse(rule: LimitRule, rows: readonly UseRow[], most: number): LimitUse {
  const { name, max, unit, window, per } = rule;
  const seen = rows[0]?.seen ?? 0;
  return {
    rule: name,
    max,
    unit,
    window,
    counted_per: [
      ...(unit === 'asset' ? ['asset'] : []),
      ...COUNTED_PER.filter((property) => per.includes(property)),
    ],
    complete: seen < most,
    uses: rows.flatMap(({ key, used }) =>
      used === null ? [] : { key, used, remaining: remainingOf(rule, key, used) },
    ),
  };
}

function remainingOf(rule: LimitRule, key: string, used: string): string {
  // the key of a limit in units of the asset begins with the asset
  const asset = key.split(' ', 1)[0] as Asset;
  const [max, count] = [counted(rule, rule.max, asset), counted(rule, used, asset)];
  return (max.lessThan(count) ? counted(rule, '0', asset) : max.minus(count)).toString();
}

/** Keys are read one after the other in the index, so that old buckets cost nothing. $3: most keys. */
export const USES = `
  SELECT l.place::integer, top.key, top.used::text, top.seen::integer AS seen
    FROM unnest($1::text[], $2::timestamptz[]) WITH ORDINALITY AS l (meter, since, place) CROSS JOIN LATERAL (
         WITH RECURSIVE known AS (
                (SELECT key, 1 AS n FROM policy_counter WHERE meter = l.meter ORDER BY key LIMIT 1)
                UNION ALL
                SELECT (SELECT c.key FROM policy_counter c WHERE c.meter = l.meter AND c.key > k.key ORDER BY c.key LIMIT 1), n + 1
                  FROM known k WHERE k.key IS NOT NULL AND n < $3)
         SELECT k.key, count(*) OVER () AS seen, u.used
           FROM known k CROSS JOIN LATERAL (
                SELECT nullif(sum(c.used), 0) AS used FROM policy_counter c WHERE c.meter = l.meter AND c.key = k.key AND c.bucket >= l.since) AS u
          WHERE k.key IS NOT NULL
          ORDER BY u.used DESC NULLS LAST, k.key LIMIT 20) AS top
   ORDER BY l.place, top.used DESC NULLS LAST, top.key`;
