import { createHash } from 'node:crypto';
import type { HaltScope } from '@sluice/http-api';
import { type InvariantReport, type Tx, untilReachable } from '@sluice/postgres';
import { type Logger, setting } from '@sluice/runtime';

export interface HaltToOpen {
  /** The venue of the database unless said. */
  readonly scope?: HaltScope;
  readonly target?: string | null;
  readonly reason: string;
  readonly subject: string;
  readonly details: string;
}

interface OpenedHalt extends HaltToOpen {
  readonly id: string;
}

const LONGEST_SUBJECT = 256;
const LONGEST_DETAILS = 1_000;

/**
 * Opens halts in the transaction that found the cause, once per reason, subject, scope and target,
 * even after a lift. Another scope's row does not count, because it could be planted: the subject
 * gets a suffix. Returns new halts.
 */
export async function openHalts(
  tx: Pick<Tx, 'query'>,
  halts: readonly HaltToOpen[],
  openedBy: string,
): Promise<OpenedHalt[]> {
  if (halts.length === 0) return [];
  const rows = halts.map(({ scope = 'venue', target = null, reason, subject, details }) => ({
    scope,
    target,
    reason,
    subject: storable(subject, LONGEST_SUBJECT),
    details: storable(details, LONGEST_DETAILS),
  }));
  const parameters = [JSON.stringify(rows), openedBy];
  const opened = await tx.query<OpenedHalt>(OPEN_HALTS, parameters);
  if (opened.length === rows.length) return opened;
  // a row of another scope may have been committed during the statement: the next one sees the row
  return [...opened, ...(await tx.query<OpenedHalt>(OPEN_HALTS, parameters))];
}

/** PostgreSQL rejects some characters of venue text, and columns have lengths. */
function storable(text: string, longest: number): string {
  return text.slice(0, longest).replaceAll('\0', '\uFFFD').toWellFormed();
}

/** Separates the subject from the suffix of a halt whose subject another row has already. */
const SUFFIX = ' ~';
const WITH_SUFFIX = LONGEST_SUBJECT - SUFFIX.length - 36;

/** SQL condition: halt `h` is of the given subject, with or without a suffix. */
export function ofSubjectSql(subject: string): string {
  return `(h.subject = ${subject} OR starts_with(h.subject, left(${subject}, ${WITH_SUFFIX}) || '${SUFFIX}'))`;
}

/** As `ofSubjectSql`. */
export function isOfSubject(stored: string, subject: string): boolean {
  return stored === subject || stored.startsWith(subject.slice(0, WITH_SUFFIX) + SUFFIX);
}

const OPEN_HALTS = `
  WITH given AS (
    SELECT DISTINCT ON (reason, subject, scope, target) *
      FROM json_to_recordset($1::json) AS g(scope text, target text, reason text, subject text, details text))
  INSERT INTO halt (scope, target, reason, subject, details, opened_by)
  SELECT scope, target, reason,
         CASE WHEN EXISTS (SELECT FROM halt h WHERE h.reason = g.reason AND h.subject = g.subject)
              THEN left(subject, ${WITH_SUFFIX}) || '${SUFFIX}' || gen_random_uuid() ELSE subject END, details, $2
    FROM given g
   WHERE NOT EXISTS (SELECT FROM halt h WHERE h.reason = g.reason AND ${ofSubjectSql('g.subject')} AND h.scope = g.scope AND h.target IS NOT DISTINCT FROM g.target)
  ON CONFLICT (reason, subject) DO NOTHING
  RETURNING id::text, scope, target, reason, subject, details`;

const REASON = 'invariant';
/** Maximum number of row digests in the subject of a halt. */
const ROWS_OF_ONE_HALT = 20;

interface ViolationHalt {
  readonly scope: HaltScope;
  readonly openedBy: string;
  /** Invariants that report delays with an automatic end, or facts with a halt already. */
  readonly haltsNothing: readonly string[];
}

/**
 * A halt per violated invariant, with digests of the rows as subject. Rows of an earlier halt were
 * reviewed, and open none. At most one is open per invariant; another scope's halt does not count.
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

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** Settings of every service with halts. */
export const HALT_SETTINGS = {
  /** Name (UUID) of a halt of all work, opened at start; default: null, no halt. */
  startHalted: setting<string | null>('START_HALTED', uuid, null),
} as const;

/** Opens the halt named by START_HALTED, once per name; await it before any work. */
export async function haltAtStart(
  database: Pick<Tx, 'query'>,
  { startHalted: name }: { readonly startHalted: string | null },
  logger: Logger,
): Promise<void> {
  if (name === null) return;
  const details = 'started with START_HALTED: nothing is sent until two people lift the halt';
  const halt = { scope: 'all', reason: 'started_halted', subject: name, details } as const;
  const opened = await untilReachable(
    () => openHalts(database, [halt], 'START_HALTED'),
    (error) => logger.warn({ err: error }, 'the halt at start waits for the database'),
  );
  if (opened.length > 0) logger.warn({ name }, 'all new withdrawals are halted since this start');
}

function uuid(text: string): string {
  if (!UUID.test(text)) throw new Error('must be a UUID in lower case, as uuidgen makes it');
  return text;
}
