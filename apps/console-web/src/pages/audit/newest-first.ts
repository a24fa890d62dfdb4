import type { AuditEntryDto } from '@sluice/http-api';
import type { EveryAnswer } from '../../api/queries.js';

/** Entry of the log of a service. */
export type LoggedCall = AuditEntryDto & { readonly service: string };

/** Entries of all services that answered, newest first. */
export function newestFirst(
  answers: readonly EveryAnswer<readonly AuditEntryDto[]>[],
): readonly LoggedCall[] {
  return answers
    .flatMap(({ service, data = [] }) => data.map((entry) => ({ ...entry, service })))
    .toSorted((one, other) => Date.parse(other.at) - Date.parse(one.at));
}

type CallResult = Pick<AuditEntryDto, 'method' | 'status'>;

/** Entries without reads that succeeded. */
export function withoutReads<Entry extends CallResult>(
  entries: readonly Entry[],
): readonly Entry[] {
  return entries.filter(({ method, status }) => method !== 'GET' || (status ?? 0) >= 400);
}
