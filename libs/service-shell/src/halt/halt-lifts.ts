import { Injectable } from '@nestjs/common';
import { In, IsNull, Not } from 'typeorm';
import type { HaltScope } from '@sluice/http-api';
import { Database, type Tx } from '@sluice/postgres';
import { BackgroundLoop, type Logger } from '@sluice/runtime';
import { LoopingService } from '../platform/maintenance.js';
import { RecordSeals } from '../seals/record-seals.js';
import { InjectLogger } from '../settings/tokens.js';
import { HaltEntity } from './halt.entity.js';
import { openHalts } from './open-halts.js';
import {
  type EndedTable,
  type ForgedEnd,
  SealedEnds,
  type SealedEndsOptions,
} from './sealed-ends.js';

/** Longest time between two looks. The common poll finds unverified ends within three seconds. */
const LOOK_EVERY_MS = 60_000;

interface EndsWatchOptions extends SealedEndsOptions {
  readonly database: Database;
  readonly logger: Logger;
}

/**
 * Verifies the ends of rows soon after their commit, and seals new ones. A row is in force until
 * then: a late look ends none.
 */
export abstract class EndsWatch extends LoopingService {
  protected readonly loop: BackgroundLoop;
  private readonly ends: SealedEnds;

  /** `name`: name of the check in the log. */
  constructor(
    of: EndedTable,
    name: string,
    private readonly options: EndsWatchOptions,
  ) {
    super();
    this.ends = new SealedEnds(of, options);
    this.loop = new BackgroundLoop(name, options.logger, async () => {
      await this.look();
      return LOOK_EVERY_MS;
    });
  }

  /** Returns a callback that must be called at each end of a row; the common poll is the net. */
  whenEnded(): () => void {
    return () => this.loop.wake();
  }

  override onApplicationBootstrap(): void {
    super.onApplicationBootstrap();
    const { poll } = this.options.database;
    poll.wakeWhile((param) => this.ends.areUnverified(param(this.ends.ids)), this.loop);
  }

  /** Ids of the rows with a verified end, for `inForceSql`. */
  get verified(): readonly string[] {
    return this.ends.ids;
  }

  /** `isWanted`: as in `SealedEnds`. */
  look(isWanted?: (id: string) => boolean): Promise<void> {
    return this.ends.look(isWanted);
  }

  seal(tx: Pick<Tx, 'query'>, id: string): Promise<void> {
    return this.ends.seal(tx, id);
  }
}

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
 * A forged lift changes nothing: the halt stays, is reopened, and another halt reports the forgery.
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
