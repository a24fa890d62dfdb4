import { createHash } from 'node:crypto';
import type { HoldApproval } from '@sluice/ledger-core';
import type { NeededApproval } from '@sluice/policy-core';
import type { PlaceHoldCommand } from '../wire/ledger-command.js';

/** Content of a payment as shown to the approvers. An approval covers exactly this content. */
export interface ApprovalContent {
  readonly withdrawal_id: string;
  readonly account_id: string;
  readonly asset: string;
  /** Amount for the recipient. */
  readonly amount: string;
  readonly fee: string;
  /** Complete recipient, memo included, as in the request. */
  readonly destination: object;
  readonly venue: string;
  readonly number: string | null;
  readonly client_reference: string | null;
  readonly key_id: string | null;
  readonly policy_version: number;
  /** Names of the rules that demand the approval. */
  readonly rules: readonly string[];
  readonly groups: readonly { readonly group: string; readonly need: number }[];
  readonly expires_at: string;
}

/** Version of the digested text. */
const VERSION = 'sluice payment approval 1';

/** Payment that waits for people, to be stored with its hold. */
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
 * Returns the approval that a requested hold waits for; null if the command does not state what
 * the approvers must see, or may expire by itself.
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
