import type { AuditQuery } from '@sluice/http-api';
import type { SearchText } from '../../format/search-text.js';

const PAGE = 100;
/** Entries of each service where all are shown. */
const PAGE_OF_EACH = 25;

/** Filter of the log in the address. Only the log of one service has further pages. */
export function auditQuery({ service, by = '', since = '', cursor }: SearchText): AuditQuery {
  return {
    limit: service === undefined ? PAGE_OF_EACH : PAGE,
    ...(by !== '' && { by }),
    ...(since !== '' && { since }),
    ...(service !== undefined && cursor !== undefined && { cursor }),
  };
}
