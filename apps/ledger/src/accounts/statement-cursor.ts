import { ApiError } from '@sluice/http-api';
import type { StatementCursor } from '../postgres/ledger-queries.js';

const CURSOR =
  /^(\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z) ([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/;

/** Encodes a page position as an opaque string. The caller returns the string unchanged. */
export function encodeCursor({ recordedAt, entryId }: StatementCursor): string {
  return Buffer.from(`${recordedAt} ${entryId}`).toString('base64url');
}

/** Throws 422 for text not produced by `encodeCursor`. */
export function decodeCursor(cursor: string): StatementCursor {
  const [, recordedAt = '', entryId = ''] =
    CURSOR.exec(Buffer.from(cursor, 'base64url').toString('utf8')) ?? [];
  if (Number.isNaN(Date.parse(recordedAt)))
    throw ApiError.invalid(['cursor: Input should be the next_cursor of a page']);
  return { recordedAt, entryId };
}
