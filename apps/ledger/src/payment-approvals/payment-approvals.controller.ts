import { Body, Get, Param, Post, Query } from '@nestjs/common';
import { ApiOperation } from '@nestjs/swagger';
import {
  AdminController,
  Answers,
  AnswersList,
  CallerOf,
  PaymentApprovalDto,
  PaymentApprovalsQuery,
  Refuses,
  Requires,
  ROLES,
  VoteOnPaymentDto,
  WithdrawalEntriesParams,
  type Caller,
} from '@sluice/http-api';
import { DecidePayment } from './decide-payment.js';
import { ListPayments } from './list-payments.js';

@AdminController('payment-approvals')
export class PaymentApprovalsController {
  constructor(
    private readonly payments: ListPayments,
    private readonly deciding: DecidePayment,
  ) {}

  @Get()
  @Requires(...ROLES)
  @ApiOperation({ summary: 'Payments that wait for people, oldest first; all: also ended ones' })
  @AnswersList(PaymentApprovalDto)
  @Refuses()
  list(@Query() { state }: PaymentApprovalsQuery): Promise<PaymentApprovalDto[]> {
    return this.payments.list(state === 'all' ? 'all' : 'open');
  }

  @Get(':withdrawal_id')
  @Requires(...ROLES)
  @ApiOperation({ summary: 'A payment that waits: its content, digest and votes' })
  @Answers(PaymentApprovalDto)
  @Refuses({ 404: 'the withdrawal never waited' })
  show(@Param() { withdrawal_id }: WithdrawalEntriesParams): Promise<PaymentApprovalDto> {
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
  async vote(
    @Param() { withdrawal_id }: WithdrawalEntriesParams,
    @Body() vote: VoteOnPaymentDto,
    @CallerOf() caller: Caller,
  ): Promise<PaymentApprovalDto> {
    await this.deciding.run(withdrawal_id, vote, caller);
    return this.payments.one(withdrawal_id);
  }
}
