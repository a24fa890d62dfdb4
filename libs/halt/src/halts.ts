import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { HaltScope } from '@sluice/admin-api';
import { Database, UnitOfWork, type Tx } from '@sluice/postgres';
import { ok, refuse, type Result } from '@sluice/result';
import { IsNull, Not } from 'typeorm';
import { HaltEntity } from './halt.entity.js';
import { openHalts } from './open-halts.js';

/** What a person stops. */
export interface HaltOrder {
  readonly by: string;
  readonly details: string;
  readonly scope: HaltScope;
  readonly target: string | null;
  /** Names the wish where it is carried to several services, or repeated: one halt of each name. */
  readonly name?: string;
}

export type LiftRefusal = { kind: 'no_such_halt' } | { kind: 'lifted_already'; halt: HaltEntity };

const LONGEST_LIST = 200;

/** The oldest first. */
export function haltsInForce(source: Pick<Tx, 'repository'>): Promise<HaltEntity[]> {
  return source
    .repository(HaltEntity)
    .find({ where: { liftedAt: IsNull() }, order: { id: 'ASC' } });
}

/** The halts of one service's database, as operators see and change them. */
@Injectable()
export class Halts {
  constructor(
    private readonly database: Database,
    private readonly unitOfWork: UnitOfWork,
  ) {}

  /** Those in force first, then the lifted ones, each the newest first. */
  async list(): Promise<HaltEntity[]> {
    const newest = { order: { id: 'DESC' }, take: LONGEST_LIST } as const;
    const halts = this.database.repository(HaltEntity);
    const [inForce, lifted] = [
      await halts.find({ ...newest, where: { liftedAt: IsNull() } }),
      await halts.find({ ...newest, where: { liftedAt: Not(IsNull()) } }),
    ];
    return [...inForce, ...lifted].slice(0, LONGEST_LIST);
  }

  inForce(): Promise<HaltEntity[]> {
    return haltsInForce(this.database);
  }

  /** A person stops something. Each such halt stands for itself; the same name again is the same halt. */
  async open({ by, name, ...halt }: HaltOrder): Promise<HaltEntity> {
    const of = { reason: 'operator', subject: name ?? randomUUID() };
    return this.unitOfWork.run(async (tx) => {
      await openHalts(tx, [{ ...halt, ...of }], by);
      const stored = await tx.repository(HaltEntity).findOne({ where: of });
      if (!stored) throw new Error('a halt with a subject of its own was not stored');
      return stored;
    });
  }

  /** A person has looked and lets go on what it covers, unless another halt is in force. */
  async lift(id: string, by: string, evidence: string): Promise<Result<HaltEntity, LiftRefusal>> {
    return this.unitOfWork.run(async (tx) => {
      const halts = tx.repository(HaltEntity);
      const find = () => halts.findOne({ where: { id }, lock: { mode: 'pessimistic_write' } });
      const halt = await find();
      if (!halt) return refuse({ kind: 'no_such_halt' });
      if (halt.liftedAt) return refuse({ kind: 'lifted_already', halt });
      await halts.update(
        { id },
        { liftedAt: () => 'clock_timestamp()', liftedBy: by, liftEvidence: evidence },
      );
      const lifted = await find();
      return lifted ? ok(lifted) : refuse({ kind: 'no_such_halt' });
    });
  }
}
