import type { Database } from '@sluice/postgres';
import type { RecordSeals } from '../seals/record-seals.js';
import {
  APPROVAL_KIND,
  approvalContent,
  type ApprovalRow,
  REQUEST_KIND,
  requestContent,
} from './approval-row.js';
import { APPROVED } from './approval-sql.js';

interface ApprovedRow extends ApprovalRow {
  readonly approver_roles: readonly string[];
  readonly approved_text: string;
  readonly approval_seal: string | null;
}

/** Returns the ids of approved requests whose request or approval no process of this service has sealed. */
export async function forgedApprovals(
  database: Pick<Database, 'query'>,
  seals: RecordSeals,
): Promise<string[]> {
  const forged: string[] = [];
  let after = '0';
  for (;;) {
    const rows = await database.query<ApprovedRow>(APPROVED, [after]);
    forged.push(...rows.filter((row) => !isSealed(row, seals)).map(({ id }) => id));
    const last = rows.at(-1);
    if (!last) return forged;
    after = last.id;
  }
}

function isSealed(row: ApprovedRow, seals: RecordSeals): boolean {
  const given = approvalContent(row, row.approved_by ?? '', row.approver_roles, row.approved_text);
  return (
    seals.isSealed(REQUEST_KIND, requestContent(row), row.request_seal) &&
    seals.isSealed(APPROVAL_KIND, given, row.approval_seal)
  );
}
