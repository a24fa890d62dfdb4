import { createHash, hash } from 'node:crypto';
import type { HoldApproval } from '@sluice/ledger-core';
import type { NeededApproval } from '@sluice/policy-core';
import type { Tx } from '@sluice/postgres';
import type { PlaceHoldCommand, RequestBehind } from '../wire/ledger-command.js';

/** Why a payment waits no more. */
export type ApprovalOutcome = 'granted' | 'refused' | 'expired' | 'cancelled' | 'denied';

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

/** Content of a payment as shown to the approvers. An approval covers exactly this content. */
export interface ApprovalContent {
  readonly withdrawal_id: string;
  readonly account_id: string;
  readonly asset: string;
  readonly amount: string;
  readonly fee: string;
  /** Complete recipient, memo included, as in the request. */
  readonly destination: object;
  readonly venue: string;
  readonly number: string | null;
  readonly client_reference: string | null;
  readonly key_id: string | null;
  readonly policy_version: number;
  readonly rules: readonly string[];
  readonly groups: readonly { readonly group: string; readonly need: number }[];
  readonly expires_at: string;
}

/** Version of the digested text. */
const VERSION = 'sluice payment approval 1';

export interface AskedApproval {
  readonly approval: HoldApproval;
  readonly content: ApprovalContent;
}

/** Digest of exactly this text: the approvers sign it. SHA-256, hex. */
export function digestOfContent(text: string): string {
  return createHash('sha256').update(`${VERSION}\n${text}`).digest('hex');
}

/** Fields are written in the order of the interface: equal content is equal text. */
export function contentText(content: ApprovalContent): string {
  return JSON.stringify(content);
}

/**
 * Approval that a requested hold waits for; null without the data for the approvers, or if it may
 * expire by itself.
 */
export function askedFor(
  { data }: PlaceHoldCommand,
  { quorums, decideWithinHours }: NeededApproval,
  {
    version,
    rules,
    at,
  }: { readonly version: number; readonly rules: readonly string[]; readonly at: string },
): AskedApproval | null {
  const { payout, fee, destination, venue, digest, expiresAt } = data;
  if (!payout || !fee || !destination || !venue || !digest || expiresAt) return null;
  const until = new Date(Date.parse(at) + decideWithinHours * 3_600_000).toISOString();
  const content = {
    withdrawal_id: data.withdrawalId,
    account_id: data.accountId,
    asset: data.asset,
    amount: payout,
    fee,
    destination,
    venue,
    number: data.number ?? null,
    client_reference: data.clientReference ?? null,
    key_id: data.keyId ?? null,
    policy_version: version,
    rules,
    groups: quorums,
    expires_at: until,
  };
  const shown = digestOfContent(contentText(content));
  const approval = { digest: shown, expiresAt: until, venue, quorums };
  return { approval, content };
}
