import { Injectable } from '@nestjs/common';
import { ApiError, type PaymentApprovalDto } from '@sluice/http-api';
import { Database } from '@sluice/postgres';
import { Policies } from '../policy/policies.js';
import {
  CASE_COLUMNS,
  newestCase,
  VOTE_COLUMNS,
  type CaseRow,
  type VoteRow,
} from '../approval-cases/approval-rows.js';

const MOST_LISTED = 500;

/** Payments that wait for people, and those that have waited. */
@Injectable()
export class ListPayments {
  constructor(
    private readonly database: Database,
    private readonly policies: Policies,
  ) {}

  /** Lists the payments that wait, oldest first, or the newest of all. */
  async list(which: 'open' | 'all'): Promise<PaymentApprovalDto[]> {
    const sql = which === 'open' ? OPEN : ALL;
    const rows = await this.database.query<CaseRow>(sql, [MOST_LISTED]);
    return this.views(rows);
  }

  async one(withdrawalId: string): Promise<PaymentApprovalDto> {
    const row = await newestCase(this.database, withdrawalId);
    const [view] = row ? await this.views([row]) : [];
    if (!view) throw ApiError.notFound('This withdrawal never waited for people');
    return view;
  }

  private async views(rows: readonly CaseRow[]): Promise<PaymentApprovalDto[]> {
    const votes = await this.database.query<VoteRow>(VOTES, [
      rows.map(({ withdrawal_id: id }) => id),
    ]);
    const { book, now } = await this.policies.read(this.database);
    const groups = book.inForce(now)?.set.groups ?? {};
    return rows.map((row) => ({
      withdrawal_id: row.withdrawal_id,
      round: row.round,
      state: row.outcome ?? 'open',
      content: row.content,
      digest: row.digest,
      needs_passkey: row.quorums.some(({ group }) => groups[group]?.needsPasskey === true),
      asked_at: row.asked_at.toISOString(),
      expires_at: row.expires_at.toISOString(),
      ended_at: row.ended_at?.toISOString() ?? null,
      votes: votes.flatMap((vote) =>
        vote.withdrawal_id === row.withdrawal_id && vote.round === row.round ? voteView(vote) : [],
      ),
    }));
  }
}

function voteView(vote: VoteRow): PaymentApprovalDto['votes'][number] {
  const { person, decision, groups, reason, credential_id, voted_at } = vote;
  const with_passkey = credential_id !== null;
  return { person, decision, groups, reason, with_passkey, voted_at: voted_at.toISOString() };
}

const OPEN = `SELECT ${CASE_COLUMNS} FROM approval_case WHERE outcome IS NULL ORDER BY asked_at LIMIT $1`;
const ALL = `SELECT ${CASE_COLUMNS} FROM approval_case ORDER BY asked_at DESC LIMIT $1`;
const VOTES = `SELECT ${VOTE_COLUMNS} FROM approval_vote WHERE withdrawal_id = ANY ($1::uuid[]) ORDER BY voted_at`;
