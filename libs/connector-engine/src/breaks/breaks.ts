import { Injectable } from '@nestjs/common';
import { IsNull, Not } from 'typeorm';
import {
  destinationKey,
  destinationOf,
  ok,
  refuse,
  type Result,
  type WireDestination,
} from '@sluice/kernel';
import { Database, UnitOfWork } from '@sluice/postgres';
import type { Logger } from '@sluice/runtime';
import {
  type EndedTable,
  EndsWatch,
  InjectLogger,
  openHalts,
  RecordSeals,
} from '@sluice/service-shell';
import { BreakEntity } from './break.entity.js';

export const BREAK_ENDS: EndedTable = {
  table: 'break',
  idType: 'bigint',
  sealed: [
    'id',
    'kind',
    'subject',
    'withdrawal_id',
    'details',
    'halt_id',
    'opened_at',
    'closed_at',
    'closed_by',
    'close_evidence',
  ],
  ending: ['closed_at', 'closed_by', 'close_evidence'],
};

/** Verifies closings of breaks. A forged closing reopens the break and halts the venue. */
@Injectable()
export class BreakClosings extends EndsWatch {
  constructor(database: Database, seals: RecordSeals, @InjectLogger() logger: Logger) {
    super(BREAK_ENDS, 'check of the closings of breaks', {
      database,
      seals,
      logger,
      onForged: ({ id, closed_by: by }) =>
        openHalts(database, [haltOf(String(id), String(by))], 'the check of the seals'),
    });
  }
}

function haltOf(id: string, by: string) {
  return {
    reason: 'forged_closing',
    subject: `break ${id}`,
    details: `break ${id} was closed in the name of ${by} without a valid seal; find the writer of this database before lifting`,
  };
}

export type CloseRefusal =
  { kind: 'no_such_break' } | { kind: 'closed_already'; closed: BreakEntity };

const LONGEST_LIST = 200;

/** The payment concerned by a break, as far as known. */
export interface BrokenPayment {
  readonly asset: string | null;
  readonly amount: string | null;
  readonly recipient: string | null;
}

export const NO_PAYMENT: BrokenPayment = { asset: null, amount: null, recipient: null };

@Injectable()
export class Breaks {
  constructor(
    private readonly database: Database,
    private readonly unitOfWork: UnitOfWork,
    private readonly closings: BreakClosings,
  ) {}

  async list(): Promise<BreakEntity[]> {
    await this.closings.look();
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

  /** Returns the payments of these breaks by break id, from sent orders and unclaimed records. */
  async paymentsOf(breaks: readonly BreakEntity[]): Promise<ReadonlyMap<string, BrokenPayment>> {
    if (breaks.length === 0) return new Map();
    const rows = await this.database.query<PaymentRow>(PAYMENTS, [breaks.map(({ id }) => id)]);
    return new Map(
      rows.map(({ id, recipient, destination, ...payment }) => [
        id,
        {
          ...payment,
          recipient: destination === null ? recipient : destinationKey(destinationOf(destination)),
        },
      ]),
    );
  }

  /** Closes a break after a person found the cause. The halt is lifted separately. */
  close(id: string, by: string, evidence: string): Promise<Result<BreakEntity, CloseRefusal>> {
    return this.unitOfWork.run(async (tx) => {
      const breaks = tx.repository(BreakEntity);
      const find = () => breaks.findOne({ where: { id }, lock: { mode: 'pessimistic_write' } });
      const found = await find();
      if (!found) return refuse({ kind: 'no_such_break' });
      if (found.closedAt) return refuse({ kind: 'closed_already', closed: found });
      const closing = { closedAt: () => 'clock_timestamp()', closedBy: by };
      await breaks.update({ id }, { ...closing, closeEvidence: evidence });
      await this.closings.seal(tx, id);
      const closed = await find();
      return closed ? ok(closed) : refuse({ kind: 'no_such_break' });
    });
  }
}

interface PaymentRow extends BrokenPayment {
  readonly id: string;
  readonly destination: WireDestination | null;
}

const PAYMENTS = `
  SELECT b.id::text, coalesce(s.asset, split_part(u.amount_key, ' ', 1)) AS asset, coalesce(s.amount::text, split_part(u.amount_key, ' ', 2)) AS amount,
         s.destination, u.destination AS recipient
    FROM break b
    LEFT JOIN submission s ON s.withdrawal_id = b.withdrawal_id
    LEFT JOIN unclaimed_record u ON b.kind = 'orphan' AND u.venue_reference = b.subject
   WHERE b.id = ANY ($1::bigint[]) AND (s.withdrawal_id IS NOT NULL OR u.venue_reference IS NOT NULL)`;
