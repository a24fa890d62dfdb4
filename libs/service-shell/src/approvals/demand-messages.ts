import { randomUUID } from 'node:crypto';
import { auditReports, encode, type WireMessage } from '@sluice/messages';
import type { ApprovalRow } from './approval-row.js';

interface ApprovedBy {
  readonly approvedBy: string;
  readonly approvedAt: string;
  /** Id of the call; null without a call. */
  readonly callId: string | null;
}

/** The first person's demand, for the auditor. `callId`: id of the call; null without a call. */
export function requestedMessage(
  service: string,
  row: ApprovalRow,
  callId: string | null,
): WireMessage {
  return encode(auditReports(service), {
    ...envelopeOf(service, row.requested_text),
    type: 'audit.demand-requested.v1',
    data: { ...demandOf(service, row), callId },
  });
}

export function approvedMessage(
  service: string,
  row: ApprovalRow,
  approved: ApprovedBy,
): WireMessage {
  return encode(auditReports(service), {
    ...envelopeOf(service, approved.approvedAt),
    type: 'audit.demand-approved.v1',
    data: { ...demandOf(service, row), ...approved },
  });
}

function envelopeOf(service: string, at: string) {
  const time = new Date(at).toISOString();
  return { id: randomUUID(), source: service, subject: service, time };
}

/** The digest covers the whole target. */
const LONGEST_TARGET = 500;

function demandOf(service: string, row: ApprovalRow) {
  return {
    service,
    demandId: row.id,
    action: row.action,
    target: row.target.slice(0, LONGEST_TARGET).toWellFormed(),
    digest: row.digest,
    requestedBy: row.requested_by,
    requestedAt: row.requested_text,
  };
}
