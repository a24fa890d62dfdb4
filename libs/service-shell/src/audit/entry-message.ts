import { randomUUID } from 'node:crypto';
import { auditReports, encode, type WireMessage } from '@sluice/messages';
import type { AuditHead, AuditRow } from './audit-entry.js';

/** The fact of an entry, for the auditor. `before`: the entry before. */
export function entryMessage(row: AuditRow, hash: string, before: AuditHead): WireMessage {
  const { service } = row;
  return encode(auditReports(service), {
    id: randomUUID(),
    source: service,
    subject: service,
    time: new Date(row.at).toISOString(),
    type: 'audit.entry-recorded.v1',
    data: {
      service,
      number: row.sequence,
      hash,
      previousHash: before.hash,
      callId: row.call_id,
      callerKind: row.caller_kind,
      callerName: row.caller_name.slice(0, LONGEST_TEXT),
      method: row.method,
      route: row.route.slice(0, LONGEST_TEXT),
      target: row.target.slice(0, LONGEST_TEXT),
      status: row.status,
    },
  });
}

const LONGEST_TEXT = 500;
