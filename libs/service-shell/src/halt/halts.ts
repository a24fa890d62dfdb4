import { randomUUID } from 'node:crypto';
import { Inject, Injectable, Optional } from '@nestjs/common';
import type { AwaitedDto, Caller, HaltScope } from '@sluice/http-api';
import { Database, UnitOfWork, type Tx } from '@sluice/postgres';
import { ok, refuse, type Result } from '@sluice/kernel';
import { Approvals } from '../approvals/approvals.js';
import { IsNull } from 'typeorm';
import { HaltEntity } from './halt.entity.js';
import { HaltLifts } from './halt-lifts.js';
import { isOfSubject, openHalts } from './open-halts.js';

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

type Lifted = Result<HaltEntity | AwaitedDto, LiftRefusal>;

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

/** Halts in the database of a service, for operators to list and change. */
@Injectable()
export class Halts {
  constructor(
    private readonly database: Database,
    private readonly unitOfWork: UnitOfWork,
    private readonly approvals: Approvals,
    private readonly lifts: HaltLifts,
    @Optional() @Inject(REMAINING_CAUSE) private readonly remainingCause?: RemainingCause,
  ) {}

  /** Lists open halts, followed by lifted halts, each group newest first. */
  async list(): Promise<HaltEntity[]> {
    await this.lifts.look();
    const inForce = await this.lifts.inForce(this.database, LONGEST_LIST);
    const lifted = await this.lifts.lifted(this.database);
    return [...inForce, ...lifted].slice(0, LONGEST_LIST);
  }

  inForce(): Promise<HaltEntity[]> {
    return this.lifts.inForce(this.database);
  }

  /**
   * Opens a halt requested by a person, independent of other halts. A repeated name returns the
   * existing halt.
   */
  async open({ by, name, ...halt }: HaltOrder): Promise<HaltEntity> {
    const of = { reason: 'operator', subject: name ?? randomUUID() };
    return this.unitOfWork.run(async (tx) => {
      await openHalts(tx, [{ ...halt, ...of }], by);
      const { scope, target } = halt;
      const alike = { reason: of.reason, scope, target: target ?? IsNull() };
      const stored = (await tx.repository(HaltEntity).find({ where: alike })).find(({ subject }) =>
        isOfSubject(subject, of.subject),
      );
      if (!stored) throw new Error('a halt with a subject of its own was not stored');
      return stored;
    });
  }

  /**
   * Lifts a halt after approval by two people; returns the pending approval before. Covered work
   * resumes unless another halt is in force.
   */
  async lift(id: string, evidence: string, caller: Caller): Promise<Lifted> {
    await this.lifts.look((forged) => forged === id);
    const lifted = await this.unitOfWork.run<Lifted>(async (tx) => {
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
      await this.lifts.seal(tx, id);
      const after = await find();
      return after ? ok(after) : refuse({ kind: 'no_such_halt' });
    });
    await this.lifts.look();
    return lifted;
  }
}
