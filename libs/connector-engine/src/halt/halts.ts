import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { Database, UnitOfWork, type Tx } from '@sluice/postgres';
import { ok, refuse, type Result } from '@sluice/result';
import { HALT_BY_ID, IN_FORCE, LIFT, LIST_HALTS, OPEN_HALTS } from './halt-sql.js';

/** An order to send nothing at this venue until a person has looked. */
export interface Halt {
  readonly id: string;
  readonly scope: 'venue' | 'asset' | 'account';
  readonly reason: string;
  /** What it is about: a record of the venue, or a withdrawal with a record of the venue. */
  readonly subject: string;
  readonly details: string;
  readonly opened_at: Date;
  readonly opened_by: string;
  readonly lifted_at: Date | null;
  readonly lifted_by: string | null;
  readonly lift_evidence: string | null;
}

export interface HaltToOpen {
  readonly reason: string;
  readonly subject: string;
  readonly details: string;
}

export type LiftRefusal = { kind: 'no_such_halt' } | { kind: 'lifted_already'; halt: Halt };

const SOFTWARE = 'connector';
const LONGEST_SUBJECT = 256;
const LONGEST_DETAILS = 1_000;

/** Opens halts in the transaction that found their cause. One for each reason and subject, lifted ones included. Answers the new ones. */
export async function openHalts(
  tx: Tx,
  halts: readonly HaltToOpen[],
  openedBy = SOFTWARE,
): Promise<Halt[]> {
  if (halts.length === 0) return [];
  const rows = halts.map(({ reason, subject, details }) => ({
    reason,
    subject: subject.slice(0, LONGEST_SUBJECT),
    details: details.slice(0, LONGEST_DETAILS),
    opened_by: openedBy,
  }));
  return tx.query<Halt>(OPEN_HALTS, [JSON.stringify(rows)]);
}

/** The halts of one connector's database, as operators see and change them. */
@Injectable()
export class Halts {
  constructor(
    private readonly database: Database,
    private readonly unitOfWork: UnitOfWork,
  ) {}

  async list(): Promise<Halt[]> {
    return this.database.query<Halt>(LIST_HALTS);
  }

  async inForce(): Promise<Halt[]> {
    return this.database.query<Halt>(IN_FORCE);
  }

  /** A person stops this venue. Each such halt stands for itself. */
  async open(by: string, details: string): Promise<Halt> {
    return this.unitOfWork.run(async (tx) => {
      const [halt] = await openHalts(
        tx,
        [{ reason: 'operator', subject: randomUUID(), details }],
        by,
      );
      if (!halt) throw new Error('a halt with a subject of its own was not stored');
      return halt;
    });
  }

  /** A person has looked and lets this venue send again, unless another halt is in force. */
  async lift(id: string, by: string, evidence: string): Promise<Result<Halt, LiftRefusal>> {
    return this.unitOfWork.run(async (tx) => {
      const [halt] = await tx.query<Halt>(HALT_BY_ID, [id]);
      if (!halt) return refuse({ kind: 'no_such_halt' });
      const [lifted] = await tx.query<Halt>(LIFT, [id, by, evidence]);
      return lifted ? ok(lifted) : refuse({ kind: 'lifted_already', halt });
    });
  }
}
