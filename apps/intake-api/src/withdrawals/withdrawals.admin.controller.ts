import { Get, Param, Query } from '@nestjs/common';
import {
  AdminController,
  Answers,
  AnswersList,
  ApiError,
  Requires,
  ROLES,
  WithdrawalDto,
  WithdrawalListQuery,
  WithdrawalParams,
  WithdrawalRowDto,
} from '@sluice/http-api';
import { LedgerClient } from '../other-services/ledger-client.js';
import { awaitedOfLedger } from './waiting/awaited-of-ledger.js';
import { WithdrawalReports } from './withdrawal-reports.js';

/** Withdrawals of all accounts. */
@AdminController('withdrawals')
export class AllWithdrawalsController {
  constructor(
    private readonly reports: WithdrawalReports,
    private readonly ledger: LedgerClient,
  ) {}

  /** Newest first. */
  @Get()
  @Requires(...ROLES)
  @AnswersList(WithdrawalRowDto)
  list(@Query() query: WithdrawalListQuery): Promise<WithdrawalRowDto[]> {
    return this.reports.list(query);
  }

  /** Finds a withdrawal by public number or UUID. */
  @Get(':ref')
  @Requires(...ROLES)
  @Answers(WithdrawalDto)
  async show(@Param() { ref }: WithdrawalParams): Promise<WithdrawalDto> {
    const withdrawal = await this.reports.find(ref);
    if (!withdrawal) throw ApiError.notFound('Withdrawal not found');
    return { ...withdrawal, awaits: await awaitedOfLedger(withdrawal, this.ledger) };
  }
}
