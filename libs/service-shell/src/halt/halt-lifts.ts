import { Injectable } from '@nestjs/common';
import type { HaltScope } from '@sluice/http-api';
import { Database, type Tx } from '@sluice/postgres';
import type { Logger } from '@sluice/runtime';
import { In, IsNull, Not } from 'typeorm';
import { RecordSeals } from '../seals/record-seals.js';
import { InjectLogger } from '../settings/tokens.js';
import { EndsWatch } from './ends-watch.js';
import { HaltEntity } from './halt.entity.js';
import { openHalts } from './open-halts.js';
import type { EndedTable, ForgedEnd } from './sealed-ends.js';

const LONGEST_LIST = 200;

/** The lifts of halts, as a table with sealed ends. */
export const HALT_ENDS: EndedTable = {
  table: 'halt',
  idType: 'bigint',
  sealed: [
    'id',
    'scope',
    'target',
    'reason',
    'subject',
    'details',
    'opened_at',
    'opened_by',
    'lifted_at',
    'lifted_by',
    'lift_approved_by',
    'lift_evidence',
  ],
  ending: ['lifted_at', 'lifted_by', 'lift_approved_by', 'lift_evidence'],
};

/**
 * Verifies the lifts of halts soon after their commit. A forged lift changes nothing: the halt stays in force
 * in every process, is reopened, and another halt reports the forgery.
 */
@Injectable()
export class HaltLifts extends EndsWatch {
  constructor(database: Database, seals: RecordSeals, @InjectLogger() logger: Logger) {
    super(HALT_ENDS, 'check of the lifts of halts', {
      database,
      seals,
      logger,
      onForged: (forged) => openHalts(database, [haltOf(forged)], 'the check of the seals'),
    });
  }

  /** Returns the halts in force, oldest first. A halt without a verified lift is in force. */
  inForce(source: Pick<Tx, 'repository'>, most?: number): Promise<HaltEntity[]> {
    return source.repository(HaltEntity).find({
      where: [{ liftedAt: IsNull() }, { id: Not(In([...this.verified])) }],
      order: { id: most === undefined ? 'ASC' : 'DESC' },
      ...(most !== undefined && { take: most }),
    });
  }

  /** Returns halts with a verified lift, newest first. */
  lifted(source: Pick<Tx, 'repository'>): Promise<HaltEntity[]> {
    return source.repository(HaltEntity).find({
      where: { id: In([...this.verified]), liftedAt: Not(IsNull()) },
      order: { id: 'DESC' },
      take: LONGEST_LIST,
    });
  }
}

function haltOf(forged: ForgedEnd) {
  const [by, second] = [forged['lifted_by'], forged['lift_approved_by']];
  return {
    scope: forged['scope'] as HaltScope,
    target: forged['target'] ?? null,
    reason: 'forged_lift',
    subject: `halt ${forged['id']}`,
    details: `halt ${forged['id']} was lifted in the name of ${by} and ${second} without a valid seal; find the writer of this database before lifting`,
  };
}
