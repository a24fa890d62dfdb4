import { Body, Get, Param, Post } from '@nestjs/common';
import {
  AdminController,
  Answers,
  AnswersList,
  ApiError,
  asWritten,
  BreakDto,
  BreakParams,
  type Caller,
  CallerOf,
  CloseBreakDto,
  ReadOften,
  Requires,
  ROLES,
} from '@sluice/http-api';
import type { BreakEntity } from '../breaks/break.entity.js';
import { Breaks, NO_PAYMENT, type BrokenPayment, type CloseRefusal } from '../breaks/breaks.js';

@AdminController('breaks')
export class BreaksController {
  constructor(private readonly store: Breaks) {}

  @Get()
  @Requires(...ROLES)
  @ReadOften()
  @AnswersList(BreakDto)
  async breaks(): Promise<BreakDto[]> {
    return this.shapes(await this.store.list());
  }

  @Get(':id')
  @Requires(...ROLES)
  @Answers(BreakDto)
  async showBreak(@Param() { id }: BreakParams): Promise<BreakDto> {
    const found = await this.store.show(id);
    if (!found) throw refusalOf({ kind: 'no_such_break' });
    return this.shape(found);
  }

  @Post(':id/close')
  @Requires('operate', 'approve')
  @Answers(BreakDto)
  async closeBreak(
    @Param() { id }: BreakParams,
    @Body() { evidence }: CloseBreakDto,
    @CallerOf() { name: by }: Caller,
  ): Promise<BreakDto> {
    const closed = await this.store.close(id, by, evidence);
    if (!closed.ok) throw refusalOf(closed.refusal);
    return this.shape(closed.value);
  }

  private async shape(one: BreakEntity): Promise<BreakDto> {
    const payments = await this.store.paymentsOf([one]);
    return breakShape(one, payments.get(one.id));
  }

  private async shapes(breaks: readonly BreakEntity[]): Promise<BreakDto[]> {
    const payments = await this.store.paymentsOf(breaks);
    return breaks.map((one) => breakShape(one, payments.get(one.id)));
  }
}

function refusalOf(refusal: CloseRefusal): ApiError {
  return refusal.kind === 'no_such_break'
    ? ApiError.notFound('No such break here')
    : ApiError.conflict(`It was closed already by ${refusal.closed.closedBy ?? 'somebody'}`);
}

function breakShape(one: BreakEntity, payment: BrokenPayment = NO_PAYMENT): BreakDto {
  return asWritten<BreakDto>({
    id: one.id,
    kind: one.kind,
    subject: one.subject,
    withdrawal_id: one.withdrawalId,
    details: one.details,
    ...payment,
    halt_id: one.haltId,
    opened_at: one.openedAt,
    closed_at: one.closedAt,
    closed_by: one.closedBy,
    close_evidence: one.closeEvidence,
  });
}
