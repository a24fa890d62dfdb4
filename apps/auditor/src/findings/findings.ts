import { Injectable } from '@nestjs/common';
import type { AwaitedDto, Caller } from '@sluice/http-api';
import { ok, refuse, type Result } from '@sluice/kernel';
import { Database, UnitOfWork } from '@sluice/postgres';
import { Approvals } from '@sluice/service-shell';
import { IsNull, Not } from 'typeorm';
import { FindingClosings } from '../seals/finding-closings.js';
import { FindingEntity } from './finding.entity.js';

export type FindingRefusal =
  { kind: 'no_such_finding' } | { kind: 'closed_already'; closed: FindingEntity };

/** Name of the approval action for closing a finding. */
export const CLOSE = 'close finding';
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
