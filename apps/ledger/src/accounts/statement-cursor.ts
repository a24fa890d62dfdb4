import type { StatementCursor } from '../postgres/views.js';
import { uuidParam } from '../admin/responses.js';
import { timeParam } from '../admin/query-params.js';

/** Opaque to the caller, who hands it back as it is. */
export function encodeCursor({ recordedAt, entryId }: StatementCursor): string {
  return Buffer.from(`${recordedAt} ${entryId}`).toString('base64url');
}

/** Throws 400 for anything that `encodeCursor` cannot have made. */
export function decodeCursor(cursor: string): StatementCursor {
  const [recordedAt = '', entryId = ''] = Buffer.from(cursor, 'base64url')
    .toString('utf8')
    .split(' ');
  return { recordedAt: timeParam(recordedAt, 'cursor'), entryId: uuidParam(entryId, 'cursor') };
}
