import type { HaltScope } from '@sluice/http-api';
import type { Tx } from '@sluice/postgres';

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
 * Opens halts in the transaction of the code that found the cause. Each pair of reason and subject
 * opens a single halt of a scope and target, even after a lift. A row of another scope does not
 * count, because such a row could be planted to hide the finding: the subject then gets a suffix.
 * Returns the new halts.
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

/**
 * Makes venue text storable: PostgreSQL rejects some characters, and the columns have maximum
 * lengths.
 */
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
