import type { Tx } from '@sluice/postgres';
import type { RecordSeals } from '@sluice/service-shell';
import {
  type ApprovalContent,
  type ApprovalOutcome,
  digestOf,
  digestOfContent,
  type SealedCase,
  type StoredRequest,
} from './approval-cases.js';

export interface CaseRow {
  readonly withdrawal_id: string;
  readonly round: number;
  readonly account_id: string;
  readonly policy_version: number;
  /** JSON text, as digested. */
  readonly content: string;
  readonly digest: string;
  readonly quorums: ApprovalContent['groups'];
  /** JSON text. */
  readonly request: string;
  readonly asked_at: Date;
  readonly expires_at: Date;
  readonly seal: string;
  readonly outcome: ApprovalOutcome | 'replaced' | null;
  readonly ended_at: Date | null;
}

export interface VoteRow {
  readonly withdrawal_id: string;
  readonly round: number;
  readonly person: string;
  readonly decision: 'approve' | 'refuse';
  /** Required groups of the person at the time of the vote. */
  readonly groups: readonly string[];
  readonly reason: string | null;
  readonly credential_id: string | null;
  readonly voted_at: Date;
  readonly seal: string;
}

export const CASE_COLUMNS =
  'withdrawal_id, round, account_id, policy_version, content, digest, quorums, request, asked_at, expires_at, seal, outcome, ended_at';
export const VOTE_COLUMNS =
  'withdrawal_id, round, person, decision, groups, reason, credential_id, voted_at, seal';

export function sealCase(seals: RecordSeals, content: SealedCase): string {
  return seals.seal('approval case', fieldsOf(content));
}

/** True if a process of this service stored the case with this content. */
export function isSealedCase(seals: RecordSeals, row: CaseRow): boolean {
  if (digestOfContent(row.content) !== row.digest) return false;
  const content = JSON.parse(row.content) as ApprovalContent;
  const isContent =
    content.withdrawal_id === row.withdrawal_id &&
    content.account_id === row.account_id &&
    content.policy_version === row.policy_version &&
    content.expires_at === row.expires_at.toISOString() &&
    JSON.stringify(content.groups) ===
      JSON.stringify(row.quorums.map(({ group, need }) => ({ group, need })));
  return isContent && seals.isSealed('approval case', fieldsOf(sealedOf(row)), row.seal);
}

function sealedOf({ withdrawal_id, round, digest, request, asked_at }: CaseRow): SealedCase {
  return {
    withdrawalId: withdrawal_id,
    round,
    digest,
    request: digestOf(request),
    askedAt: asked_at.toISOString(),
  };
}

function fieldsOf({ withdrawalId, round, digest, request, askedAt }: SealedCase): string[] {
  return [withdrawalId, String(round), digest, request, askedAt];
}

export function requestOf({ request }: CaseRow): StoredRequest {
  return JSON.parse(request) as StoredRequest;
}

export function sealVote(seals: RecordSeals, vote: Omit<VoteRow, 'seal'>, digest: string): string {
  return seals.seal('approval vote', voteFields(vote, digest));
}

export function isSealedVote(seals: RecordSeals, vote: VoteRow, digest: string): boolean {
  return seals.isSealed('approval vote', voteFields(vote, digest), vote.seal);
}

function voteFields(vote: Omit<VoteRow, 'seal'>, digest: string): readonly (string | null)[] {
  return [
    vote.withdrawal_id,
    String(vote.round),
    digest,
    vote.person,
    vote.decision,
    JSON.stringify(vote.groups),
    vote.reason,
    vote.credential_id,
    vote.voted_at.toISOString(),
  ];
}

/** Returns the newest round of a payment; undefined if it never waited. */
export async function newestCase(
  source: Pick<Tx, 'query'>,
  withdrawalId: string,
): Promise<CaseRow | undefined> {
  const [row] = await source.query<CaseRow>(
    `SELECT ${CASE_COLUMNS} FROM approval_case WHERE withdrawal_id = $1 ORDER BY round DESC LIMIT 1`,
    [withdrawalId],
  );
  return row;
}

export function votesOn(
  source: Pick<Tx, 'query'>,
  { withdrawal_id, round }: Pick<CaseRow, 'withdrawal_id' | 'round'>,
): Promise<VoteRow[]> {
  return source.query<VoteRow>(
    `SELECT ${VOTE_COLUMNS} FROM approval_vote WHERE withdrawal_id = $1 AND round = $2 ORDER BY voted_at`,
    [withdrawal_id, round],
  );
}
