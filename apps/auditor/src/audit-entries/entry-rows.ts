import type { AuditReports, Message } from '@sluice/messages';

type Entry = Extract<Message<AuditReports>, { readonly type: 'audit.entry-recorded.v1' }>;

/** Returns one row per entry. `source` is under the message's MAC, and proves the service. */
export function entryRows(entries: readonly Entry[]) {
  return entries.map(({ source, time, data }) => ({
    service: source,
    number: data.number,
    hash: data.hash,
    previous_hash: data.previousHash,
    call_id: data.callId,
    caller_kind: data.callerKind,
    caller_name: data.callerName,
    method: data.method,
    route: data.route,
    target: data.target,
    status: data.status,
    recorded_at: time,
  }));
}
