import { Injectable } from '@nestjs/common';
import { Database, UnitOfWork } from '@sluice/postgres';
import { ok, refuse, type Result } from '@sluice/result';
import { IsNull, Not } from 'typeorm';
import { BreakEntity } from './break.entity.js';

export type CloseRefusal =
  { kind: 'no_such_break' } | { kind: 'closed_already'; closed: BreakEntity };

const LONGEST_LIST = 200;

/** The breaks of one connector, as operators see and close them. */
@Injectable()
export class Breaks {
  constructor(
    private readonly database: Database,
    private readonly unitOfWork: UnitOfWork,
  ) {}

  /** Open ones first, then closed ones, each the newest first. */
  async list(): Promise<BreakEntity[]> {
    const newest = { order: { id: 'DESC' }, take: LONGEST_LIST } as const;
    const breaks = this.database.repository(BreakEntity);
    const [open, closed] = [
      await breaks.find({ ...newest, where: { closedAt: IsNull() } }),
      await breaks.find({ ...newest, where: { closedAt: Not(IsNull()) } }),
    ];
    return [...open, ...closed].slice(0, LONGEST_LIST);
  }

  show(id: string): Promise<BreakEntity | null> {
    return this.database.repository(BreakEntity).findOne({ where: { id } });
  }

  /** A person has found out what it was. Its halt is lifted apart. */
  close(id: string, by: string, evidence: string): Promise<Result<BreakEntity, CloseRefusal>> {
    return this.unitOfWork.run(async (tx) => {
      const breaks = tx.repository(BreakEntity);
      const find = () => breaks.findOne({ where: { id }, lock: { mode: 'pessimistic_write' } });
      const found = await find();
      if (!found) return refuse({ kind: 'no_such_break' });
      if (found.closedAt) return refuse({ kind: 'closed_already', closed: found });
      const closing = { closedAt: () => 'clock_timestamp()', closedBy: by };
      await breaks.update({ id }, { ...closing, closeEvidence: evidence });
      const closed = await find();
      return closed ? ok(closed) : refuse({ kind: 'no_such_break' });
    });
  }
}
