import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { Database, UnitOfWork, type Tx } from '@sluice/postgres';
import { ok, refuse, type Result } from '@sluice/result';
import { IsNull, Not } from 'typeorm';
import { OPEN_HALTS } from './halt-sql.js';
import { HaltEntity } from './halt.entity.js';
import { rowsJson } from '../postgres/rows-json.js';

export interface HaltToOpen {
  readonly reason: string;
  readonly subject: string;
  readonly details: string;
}

export type LiftRefusal = { kind: 'no_such_halt' } | { kind: 'lifted_already'; halt: HaltEntity };

const LONGEST_SUBJECT = 256;
const LONGEST_DETAILS = 1_000;
const LONGEST_LIST = 200;

/** Opens halts in the transaction that found their cause. One for each reason and subject, lifted ones included. Answers the new ones. */
export async function openHalts(
  tx: Tx,
  halts: readonly HaltToOpen[],
): Promise<(HaltToOpen & { readonly id: string })[]> {
  if (halts.length === 0) return [];
  const rows = halts.map(({ reason, subject, details }) => ({
    reason,
    subject: subject.slice(0, LONGEST_SUBJECT),
    details: details.slice(0, LONGEST_DETAILS),
  }));
  return tx.query(OPEN_HALTS, [rowsJson(rows)]);
}

/** The oldest first. */
export function haltsInForce(source: Pick<Tx, 'repository'>): Promise<HaltEntity[]> {
  return source
    .repository(HaltEntity)
    .find({ where: { liftedAt: IsNull() }, order: { id: 'ASC' } });
}

/** The halts of one connector's database, as operators see and change them. */
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

  /** A person stops this venue. Each such halt stands for itself. */
  async open(by: string, details: string): Promise<HaltEntity> {
    const subject = randomUUID();
    return this.unitOfWork.run(async (tx) => {
      const halts = tx.repository(HaltEntity);
      await halts.insert({ reason: 'operator', subject, details, openedBy: by });
      const halt = await halts.findOne({ where: { subject } });
      if (!halt) throw new Error('a halt with a subject of its own was not stored');
      return halt;
    });
  }

  /** A person has looked and lets this venue send again, unless another halt is in force. */
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
