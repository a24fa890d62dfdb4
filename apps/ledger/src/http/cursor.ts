import type { StatementPlace } from '../postgres/views.js';
import { uuidParam } from './answers.js';
import { timeParam } from './query-params.js';

/** Opaque to the caller, who hands it back as it is. */
export function cursorOf({ recordedAt, entryId }: StatementPlace): string {
  return Buffer.from(`${recordedAt} ${entryId}`).toString('base64url');
}

/** Throws 400 for anything that `cursorOf` did not make. */
export function placeOf(cursor: string): StatementPlace {
  const [recordedAt = '', entryId = ''] = Buffer.from(cursor, 'base64url')
    .toString('utf8')
    .split(' ');
  return { recordedAt: timeParam(recordedAt, 'cursor'), entryId: uuidParam(entryId, 'cursor') };
}
