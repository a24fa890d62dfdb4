import { createHash } from 'node:crypto';
import type { HaltScope } from '@sluice/http-api';
import type { InvariantReport, Tx } from '@sluice/postgres';
import { openHalts } from './open-halts.js';

const REASON = 'invariant';
/** Maximum number of row digests in the subject of a halt. */
const ROWS_OF_ONE_HALT = 20;

interface ViolationHalt {
  readonly scope: HaltScope;
  readonly openedBy: string;
  /**
   * Invariants without halts: they report delays with an automatic end, or facts with a halt
   * already.
   */
  readonly haltsNothing: readonly string[];
}

/**
 * Opens a halt for each violated invariant. The subject of the halt lists digests of the violating
 * rows. Rows listed in an earlier halt, open or lifted, open no new halt because a person has
 * reviewed them. An invariant has at most one open halt. A halt of another scope does not count.
 */
export async function haltOnViolation(
  database: Pick<Tx, 'query'>,
  violations: InvariantReport['violations'],
  { scope, openedBy, haltsNothing }: ViolationHalt,
): Promise<void> {
  const halting = violations
    .map(({ invariant, rows }) => ({ name: invariant.split(':', 1)[0] ?? '', invariant, rows }))
    .filter(({ name }) => !haltsNothing.includes(name));
  if (halting.length === 0) return;
  const before = await database.query<HaltOfInvariant>(HALTS_OF_INVARIANTS, [REASON, scope]);
  const halts = halting.flatMap(({ name, invariant, rows }) => {
    const own = before
      .map(({ subject, is_open: isOpen }) => ({ named: subject.split(' '), isOpen }))
      .filter(({ named }) => named[0] === name);
    if (own.some(({ isOpen }) => isOpen)) return [];
    const known = new Set(own.flatMap(({ named }) => named));
    const fresh = rows.filter((row) => !known.has(digestOf(row))).slice(0, ROWS_OF_ONE_HALT);
    if (fresh.length === 0) return [];
    const subject = [name, ...fresh.map(digestOf)].join(' ');
    const details = `${invariant}; not so: ${JSON.stringify(fresh)}`;
    return [{ scope, reason: REASON, subject, details }];
  });
  await openHalts(database, halts, openedBy);
}

interface HaltOfInvariant {
  readonly subject: string;
  readonly is_open: boolean;
}

/** Digest of a row. 48 bits distinguish the rows of an invariant. */
function digestOf(row: object): string {
  return createHash('sha256').update(JSON.stringify(row)).digest('base64url').slice(0, 8);
}

const HALTS_OF_INVARIANTS =
  'SELECT subject, lifted_at IS NULL AS is_open FROM halt WHERE reason = $1 AND scope = $2';
