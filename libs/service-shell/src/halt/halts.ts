import { randomUUID } from 'node:crypto';
import { Inject, Injectable, Optional } from '@nestjs/common';
import type { AwaitedDto, Caller, HaltScope } from '@sluice/http-api';
import { Database, UnitOfWork, type Tx } from '@sluice/postgres';
import { ok, refuse, type Result } from '@sluice/kernel';
import { Approvals } from '../approvals/approvals.js';
import { IsNull, Not } from 'typeorm';
import { HaltEntity } from './halt.entity.js';
import { openHalts } from './open-halts.js';

/** Request of a person to open a halt. */
interface HaltOrder {
  readonly by: string;
  readonly details: string;
  readonly scope: HaltScope;
  readonly target: string | null;
  /**
   * Name of a request sent to several services or repeated: the same name opens a single halt.
   * Default: a random name.
   */
  readonly name?: string;
}

export type LiftRefusal =
  | { kind: 'no_such_halt' }
  | { kind: 'lifted_already'; halt: HaltEntity }
  | { kind: 'cause_remains'; message: string };

/**
 * Returns the remaining cause of a halt with the command that removes the cause, or null if people
 * may lift the halt.
 */
export type RemainingCause = (tx: Tx, halt: HaltEntity) => Promise<string | null>;

/** Injection token, optional: the RemainingCause of a service. */
export const REMAINING_CAUSE = Symbol('RemainingCause');

/** Name of the approval action for lifting a halt. */
export const LIFT = 'lift halt';

const LONGEST_LIST = 200;

/** The oldest first. */
export function haltsInForce(source: Pick<Tx, 'repository'>): Promise<HaltEntity[]> {
  return source
    .repository(HaltEntity)
    .find({ where: { liftedAt: IsNull() }, order: { id: 'ASC' } });
}

/** Halts in the database of a service, for operators to list and change. */
@Injectable()
export class Halts {
  constructor(
    private readonly database: Database,
    private readonly unitOfWork: UnitOfWork,
    private readonly approvals: Approvals,
    @Optional() @Inject(REMAINING_CAUSE) private readonly remainingCause?: RemainingCause,
  ) {}

  /** Lists open halts, followed by lifted halts, each group newest first. */
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

  /**
   * Opens a halt requested by a person, independent of other halts. A repeated name returns the
   * existing halt.
   */
  async open({ by, name, ...halt }: HaltOrder): Promise<HaltEntity> {
    const of = { reason: 'operator', subject: name ?? randomUUID() };
    return this.unitOfWork.run(async (tx) => {
      await openHalts(tx, [{ ...halt, ...of }], by);
      const stored = await tx.repository(HaltEntity).findOne({ where: of });
      if (!stored) throw new Error('a halt with a subject of its own was not stored');
      return stored;
    });
  }

  /**
   * Lifts a halt after approval by two people; returns the pending approval before. Covered work
   * resumes unless another halt is in force.
   */
  async lift(
    id: string,
    evidence: string,
    caller: Caller,
  ): Promise<Result<HaltEntity | AwaitedDto, LiftRefusal>> {
    return this.unitOfWork.run(async (tx) => {
      const halts = tx.repository(HaltEntity);
      const find = () => halts.findOne({ where: { id }, lock: { mode: 'pessimistic_write' } });
      const halt = await find();
      if (!halt) return refuse({ kind: 'no_such_halt' });
      if (halt.liftedAt) return refuse({ kind: 'lifted_already', halt });
      const message = (await this.remainingCause?.(tx, halt)) ?? null;
      if (message !== null) return refuse({ kind: 'cause_remains', message });
      const demand = { action: LIFT, target: id, request: { evidence } };
      const awaited = await this.approvals.ask(tx, demand, caller);
      if (awaited) return ok(awaited);
      const people = await this.approvals.approve(tx, demand, caller);
      await halts.update(
        { id },
        {
          liftedAt: () => 'clock_timestamp()',
          liftedBy: people.requestedBy,
          liftApprovedBy: people.approvedBy,
          liftEvidence: evidence,
        },
      );
      const lifted = await find();
      return lifted ? ok(lifted) : refuse({ kind: 'no_such_halt' });
    });
  }
}
