import type { SealedField } from '../seals/record-seals.js';

/** A stored request for an approval. */
export interface ApprovalRow {
  readonly id: string;
  readonly action: string;
  readonly target: string;
  readonly request: string;
  /** In hexadecimal. */
  readonly digest: string;
  readonly requested_by: string;
  readonly expires_at: Date;
  /** Times as the seal covers them, in microseconds. */
  readonly requested_text: string;
  readonly expires_text: string;
  /** The time of the read. */
  readonly now_text: string;
  readonly has_expired: boolean;
  readonly approved_by: string | null;
  readonly voided_by: string | null;
  readonly request_seal: string | null;
}

export const REQUEST_KIND = 'approval requested';
export const APPROVAL_KIND = 'approval given';

/** Content under the seal of a request. The id prevents the reuse of a seal in another row. */
export function requestContent(row: ApprovalRow): readonly SealedField[] {
  return [
    row.id,
    row.action,
    row.target,
    row.digest,
    row.requested_by,
    row.requested_text,
    row.expires_text,
  ];
}

/** Content under the seal of an approval: the request, the second person, the roles and the time. */
export function approvalContent(
  row: ApprovalRow,
  approvedBy: string,
  roles: readonly string[],
  approvedAt: string,
): readonly SealedField[] {
  return [...requestContent(row), approvedBy, roles.join(' '), approvedAt];
}
