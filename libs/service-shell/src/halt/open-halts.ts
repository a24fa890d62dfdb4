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
 * opens a single halt, even after a lift. Returns the new halts.
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
  return tx.query(OPEN_HALTS, [JSON.stringify(rows), openedBy]);
}

/**
 * Makes venue text storable: PostgreSQL rejects some characters, and the columns have maximum
 * lengths.
 */
function storable(text: string, longest: number): string {
  return text.slice(0, longest).replaceAll('\0', '\uFFFD').toWellFormed();
}

const OPEN_HALTS = `
  INSERT INTO halt (scope, target, reason, subject, details, opened_by)
  SELECT DISTINCT ON (reason, subject) scope, target, reason, subject, details, $2
    FROM json_to_recordset($1::json) AS given(scope text, target text, reason text, subject text, details text)
  ON CONFLICT (reason, subject) DO NOTHING
  RETURNING id::text, scope, target, reason, subject, details`;
