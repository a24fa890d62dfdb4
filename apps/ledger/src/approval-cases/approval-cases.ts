import { hash } from 'node:crypto';
import type { Tx } from '@sluice/postgres';
import type { PlaceHoldCommand, RequestBehind } from '../wire/ledger-command.js';
import { contentText, digestOfContent, type AskedApproval } from './approval-content.js';

/** Why a payment waits no more. */
export type ApprovalOutcome = 'granted' | 'refused' | 'expired' | 'cancelled' | 'denied';

/** Payment that begins to wait, as stored. */
interface NewCase {
  readonly withdrawalId: string;
  readonly accountId: string;
  readonly round: number;
  readonly asked: AskedApproval;
  /** Data of the request for the receipts and for the auditor, used after the grant. */
  readonly request: StoredRequest;
}

export interface StoredRequest {
  readonly submitWithinMs: number | null;
  readonly behind: RequestBehind;
}

/** Waiting payments that a batch begins or ends. They are written with the batch. */
export class ApprovalCases {
  private readonly opened: NewCase[] = [];
  private readonly ended = new Map<string, ApprovalOutcome>();

  open({ data }: PlaceHoldCommand, asked: AskedApproval, behind: RequestBehind): void {
    const { withdrawalId, accountId, submitWithinMs = null } = data;
    this.opened.push({
      withdrawalId,
      accountId,
      round: 1,
      asked,
      request: { submitWithinMs, behind },
    });
  }

  end(withdrawalId: string, outcome: ApprovalOutcome): void {
    this.ended.set(withdrawalId, outcome);
  }

  save(tx: Tx, seal: (content: SealedCase) => string, at: string): void {
    if (this.opened.length > 0) insertCases(tx, this.opened, seal, at);
    const ends = [...this.ended];
    if (ends.length > 0)
      void tx.query(END, [ends.map(([id]) => id), ends.map(([, outcome]) => outcome), at]);
  }
}

/** Fields covered by the seal of a case. */
export interface SealedCase {
  readonly withdrawalId: string;
  readonly round: number;
  readonly digest: string;
  readonly request: string;
  readonly askedAt: string;
}

export function insertCases(
  tx: Tx,
  cases: readonly NewCase[],
  seal: (content: SealedCase) => string,
  at: string,
): void {
  const rows = cases.map(({ withdrawalId, accountId, round, asked, request }) => {
    const content = contentText(asked.content);
    const digest = digestOfContent(content);
    const stored = JSON.stringify(request);
    const sealed = { withdrawalId, round, digest, request: digestOf(stored), askedAt: at };
    const { policy_version, groups, expires_at } = asked.content;
    return {
      withdrawal_id: withdrawalId,
      round,
      account_id: accountId,
      policy_version,
      content,
      digest,
      quorums: groups,
      request: stored,
      asked_at: at,
      expires_at,
      seal: seal(sealed),
    };
  });
  void tx.query(INSERT, [JSON.stringify(rows)]);
}

/** Digest of the stored request, for the seal. */
export function digestOf(text: string): string {
  return hash('sha256', text, 'hex');
}

const INSERT = `
  INSERT INTO approval_case (withdrawal_id, round, account_id, policy_version, content, digest, quorums, request, asked_at, expires_at, seal)
  SELECT * FROM json_to_recordset($1::json) AS k (withdrawal_id uuid, round integer, account_id uuid, policy_version integer,
    content text, digest text, quorums jsonb, request text, asked_at timestamptz, expires_at timestamptz, seal text)`;

const END = `
  UPDATE approval_case c SET outcome = k.outcome, ended_at = $3::timestamptz
    FROM unnest($1::uuid[], $2::text[]) AS k (withdrawal_id, outcome)
   WHERE c.withdrawal_id = k.withdrawal_id AND c.outcome IS NULL`;
