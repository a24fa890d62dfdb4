import { createHash } from 'node:crypto';
import type { HaltScope } from '@sluice/admin-api';
import type { InvariantReport, Tx } from '@sluice/postgres';
import { openHalts } from './open-halts.js';

const REASON = 'invariant';
/** As many as the subject of a halt has room for. */
const ROWS_OF_ONE_HALT = 20;

interface ViolationHalt {
  readonly scope: HaltScope;
  readonly openedBy: string;
  /** Invariants that tell of lateness, which ends by itself, or of what has opened a halt already. */
  readonly haltsNothing: readonly string[];
}

/**
 * Opens a halt for each violated invariant, whose subject names the rows by their digests. Rows that a halt has named before, in force or
 * lifted, open none: a person has looked at them. While one of an invariant is in force no other is opened for it.
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
  const before = await database.query<HaltOfInvariant>(HALTS_OF_INVARIANTS, [REASON]);
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

/** 48 bits tell rows of one invariant apart. */
function digestOf(row: object): string {
  return createHash('sha256').update(JSON.stringify(row)).digest('base64url').slice(0, 8);
}

const HALTS_OF_INVARIANTS =
  'SELECT subject, lifted_at IS NULL AS is_open FROM halt WHERE reason = $1';
