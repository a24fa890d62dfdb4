import { Body, Get, Injectable, Param, Post, Query } from '@nestjs/common';
import { ApiOperation } from '@nestjs/swagger';
import {
  AdminController,
  Answers,
  AnswersList,
  ApiError,
  type Caller,
  CallerOf,
  PaymentApprovalDto,
  PaymentApprovalsQuery,
  Refuses,
  ReadOften,
  Requires,
  ROLES,
  VoteOnPaymentDto,
  WithdrawalEntriesParams,
} from '@sluice/http-api';
import { Database } from '@sluice/postgres';
import {
  CASE_COLUMNS,
  type CaseRow,
  newestCase,
  VOTE_COLUMNS,
  type VoteRow,
} from '../approval-cases/approval-rows.js';
import { Policies } from '../policy/policies.js';
import { DecidePayment } from './decide-payment.js';

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

@AdminController('payment-approvals')
export class PaymentApprovalsController {
  constructor(
    private readonly payments: ListPayments,
    private readonly deciding: DecidePayment,
  ) {}

  @Get()
  @Requires(...ROLES)
  @ReadOften()
  @ApiOperation({ summary: 'Payments that wait for people, oldest first; all: also ended ones' })
  @AnswersList(PaymentApprovalDto)
  @Refuses()
  paymentApprovals(@Query() { state }: PaymentApprovalsQuery): Promise<PaymentApprovalDto[]> {
    return this.payments.list(state === 'all' ? 'all' : 'open');
  }

  @Get(':withdrawal_id')
  @Requires(...ROLES)
  @ReadOften()
  @ApiOperation({ summary: 'A payment that waits: its content, digest and votes' })
  @Answers(PaymentApprovalDto)
  @Refuses({ 404: 'the withdrawal never waited' })
  paymentApproval(
    @Param() { withdrawal_id }: WithdrawalEntriesParams,
  ): Promise<PaymentApprovalDto> {
    return this.payments.one(withdrawal_id);
  }

  @Post(':withdrawal_id/votes')
  @Requires('approve')
  @ApiOperation({
    summary:
      'Approves or refuses a payment. The vote covers the digest; the last needed approval sends the payment',
  })
  @Answers(PaymentApprovalDto)
  @Refuses({
    404: 'the withdrawal never waited',
    409: 'the payment waits no more, has another digest, or the person has decided already',
  })
  async voteOnPayment(
    @Param() { withdrawal_id }: WithdrawalEntriesParams,
    @Body() vote: VoteOnPaymentDto,
    @CallerOf() caller: Caller,
  ): Promise<PaymentApprovalDto> {
    await this.deciding.run(withdrawal_id, vote, caller);
    return this.payments.one(withdrawal_id);
  }
}
