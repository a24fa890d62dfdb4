import { Body, Get, Injectable, Param, Post } from '@nestjs/common';
import { IsNull, Not } from 'typeorm';
import {
  type Accepted,
  acceptedWhenAwaited,
  AdminController,
  Answers,
  AnswersList,
  ApiError,
  asWritten,
  AuditFindingDto,
  AuditFindingParams,
  type AwaitedDto,
  type Caller,
  CallerOf,
  CloseAuditFindingDto,
  MayAwait,
  ReadOften,
  Requires,
  ROLES,
} from '@sluice/http-api';
import { ok, refuse, type Result } from '@sluice/kernel';
import { Database, UnitOfWork } from '@sluice/postgres';
import { Approvals } from '@sluice/service-shell';
import { FindingClosings } from '../seals/finding-closings.js';
import { FindingEntity } from './finding.entity.js';

type FindingRefusal =
  { kind: 'no_such_finding' } | { kind: 'closed_already'; closed: FindingEntity };

/** Name of the approval action for closing a finding. */
const CLOSE = 'close finding';
const LONGEST_LIST = 200;

/** The findings, for operators to list and close. */
@Injectable()
export class AuditFindings {
  constructor(
    private readonly database: Database,
    private readonly unitOfWork: UnitOfWork,
    private readonly approvals: Approvals,
    private readonly closings: FindingClosings,
  ) {}

  /** Lists open findings before closed findings, each newest first. */
  async list(): Promise<FindingEntity[]> {
    const newest = { order: { id: 'DESC' }, take: LONGEST_LIST } as const;
    const findings = this.database.repository(FindingEntity);
    const [open, closed] = [
      await findings.find({ ...newest, where: { closedAt: IsNull() } }),
      await findings.find({ ...newest, where: { closedAt: Not(IsNull()) } }),
    ];
    return [...open, ...closed].slice(0, LONGEST_LIST);
  }

  show(id: string): Promise<FindingEntity | null> {
    return this.database.repository(FindingEntity).findOne({ where: { id } });
  }

  /** Closes a finding after approval by two people; returns the pending approval before. */
  close(
    id: string,
    reason: string,
    caller: Caller,
  ): Promise<Result<FindingEntity | AwaitedDto, FindingRefusal>> {
    return this.unitOfWork.run(async (tx) => {
      const findings = tx.repository(FindingEntity);
      const find = () => findings.findOne({ where: { id }, lock: { mode: 'pessimistic_write' } });
      const found = await find();
      if (!found) return refuse({ kind: 'no_such_finding' });
      if (found.closedAt) return refuse({ kind: 'closed_already', closed: found });
      const demand = { action: CLOSE, target: id, request: { reason } };
      const awaited = await this.approvals.ask(tx, demand, caller);
      if (awaited) return ok(awaited);
      const { requestedBy, approvedBy } = await this.approvals.approve(tx, demand, caller);
      await findings.update(
        { id },
        {
          closedAt: () => 'clock_timestamp()',
          closedBy: requestedBy,
          closeApprovedBy: approvedBy,
          closeReason: reason,
        },
      );
      await this.closings.seal(tx, id);
      const closed = await find();
      return closed ? ok(closed) : refuse({ kind: 'no_such_finding' });
    });
  }
}

@AdminController('findings')
export class FindingsController {
  constructor(
    private readonly store: AuditFindings,
    approvals: Approvals,
  ) {
    approvals.register(CLOSE, (id, request, caller) =>
      this.carryOut(id, request as CloseAuditFindingDto, caller),
    );
  }

  /** Lists open findings first. */
  @Get()
  @Requires(...ROLES)
  @ReadOften()
  @AnswersList(AuditFindingDto)
  async findings(): Promise<AuditFindingDto[]> {
    return (await this.store.list()).map(findingShape);
  }

  @Get(':id')
  @Requires(...ROLES)
  @Answers(AuditFindingDto)
  async showFinding(@Param() { id }: AuditFindingParams): Promise<AuditFindingDto> {
    const found = await this.store.show(id);
    if (!found) throw refusalOf({ kind: 'no_such_finding' });
    return findingShape(found);
  }

  /** Closes the finding after a second person makes the same request. */
  @Post(':id/close')
  @Requires('operate', 'approve')
  @Answers(AuditFindingDto)
  @MayAwait()
  async closeFinding(
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
    const closed = await this.store.close(id, reason, caller);
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
