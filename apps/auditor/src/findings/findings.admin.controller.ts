import { Body, Get, Param, Post } from '@nestjs/common';
import {
  type Accepted,
  acceptedWhenAwaited,
  AdminController,
  Answers,
  AnswersList,
  ApiError,
  asWritten,
  type AwaitedDto,
  type Caller,
  CallerOf,
  CloseAuditFindingDto,
  AuditFindingDto,
  AuditFindingParams,
  MayAwait,
  Requires,
  ROLES,
} from '@sluice/http-api';
import { Approvals } from '@sluice/service-shell';
import type { FindingEntity } from './finding.entity.js';
import { CLOSE, AuditFindings, type FindingRefusal } from './findings.js';

@AdminController('findings')
export class FindingsController {
  constructor(
    private readonly findings: AuditFindings,
    approvals: Approvals,
  ) {
    approvals.register(CLOSE, (id, request, caller) =>
      this.carryOut(id, request as CloseAuditFindingDto, caller),
    );
  }

  /** Lists open findings first. */
  @Get()
  @Requires(...ROLES)
  @AnswersList(AuditFindingDto)
  async list(): Promise<AuditFindingDto[]> {
    return (await this.findings.list()).map(findingShape);
  }

  @Get(':id')
  @Requires(...ROLES)
  @Answers(AuditFindingDto)
  async show(@Param() { id }: AuditFindingParams): Promise<AuditFindingDto> {
    const found = await this.findings.show(id);
    if (!found) throw refusalOf({ kind: 'no_such_finding' });
    return findingShape(found);
  }

  /** Closes the finding after a second person makes the same request. */
  @Post(':id/close')
  @Requires('operate', 'approve')
  @Answers(AuditFindingDto)
  @MayAwait()
  async close(
    @Param() { id }: AuditFindingParams,
    @Body() close: CloseAuditFindingDto,
    @CallerOf() caller: Caller,
  ): Promise<AuditFindingDto | Accepted<AwaitedDto>> {
    return acceptedWhenAwaited(await this.carryOut(id, close, caller));
  }

  private async carryOut(
    id: string,
    { reason }: CloseAuditFindingDto,
    caller: Caller,
  ): Promise<AuditFindingDto | AwaitedDto> {
    const closed = await this.findings.close(id, reason, caller);
    if (!closed.ok) throw refusalOf(closed.refusal);
    return 'approval_id' in closed.value ? closed.value : findingShape(closed.value);
  }
}

function refusalOf(refusal: FindingRefusal): ApiError {
  return refusal.kind === 'no_such_finding'
    ? ApiError.notFound('No such finding here')
    : ApiError.conflict(
        `The finding was already closed by ${refusal.closed.closedBy ?? 'two people'}`,
      );
}

function findingShape(one: FindingEntity): AuditFindingDto {
  return asWritten<AuditFindingDto>({
    id: one.id,
    kind: one.kind,
    scope: one.scope,
    is_condition: one.isCondition,
    target: one.target,
    subject: one.subject,
    evidence: one.evidence,
    fact_at: one.factAt,
    opened_at: one.openedAt,
    closed_at: one.closedAt,
    closed_by: one.closedBy,
    close_approved_by: one.closeApprovedBy,
    close_reason: one.closeReason,
  });
}
