import type { AuditReports, Message } from '@sluice/messages';

type Entry = Extract<Message<AuditReports>, { readonly type: 'audit.entry-recorded.v1' }>;

/** Returns one row per entry. `service`: producer of the topic, whose key made the message's MAC. */
export function entryRows(service: string, entries: readonly Entry[]) {
  return entries.map(({ time, data }) => ({
    service,
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
