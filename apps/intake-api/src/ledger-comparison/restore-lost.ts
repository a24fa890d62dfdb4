import { Injectable } from '@nestjs/common';
import { ledgerCommands, ledgerEvents, withdrawalEvents } from '@sluice/messages';
import { Database, UnitOfWork } from '@sluice/postgres';
import { InjectLogger, InjectPlatform, type Logger, type Platform } from '@sluice/service-shell';
import { OrderAuthority } from '../orders/order-authority.js';
import { idAt, timeOfId } from '../rows/id-time.js';
import { insertContinued } from '../withdrawals/saga/continue-lost.js';
import { LostTermsReader, type PlaceHold } from './lost-terms-reader.js';
import { type LostWithdrawal, LostWithdrawals } from './lost-withdrawals.js';

/** Number of records read per partition. */
const READ = 3_000;

const PROVES_A_HOLD: ReadonlySet<string> = new Set([
  'ledger.hold-placed.v1',
  'ledger.approval-asked.v1',
]);

interface LostTime {
  readonly since: Date;
  readonly until: Date;
  /** The ledger has no hold without a withdrawal up to this id, except for the listed ones. */
  readonly compared_to: string;
}

/**
 * Finds withdrawals lost together with their holds, after a restore of both databases. Our own seal
 * in the command for the hold proves the request; the ledger's event or a published event proves the
 * hold.
 */
@Injectable()
export class LostEverywhere {
  constructor(
    private readonly database: Database,
    private readonly authority: OrderAuthority,
    @InjectPlatform() private readonly platform: Pick<Platform, 'readNewest'>,
  ) {}

  /** Reads Kafka only within 15 minutes after a restore. Throws while Kafka is away. */
  async find(): Promise<readonly LostWithdrawal[]> {
    const [time] = await this.database.query<LostTime>(LOST_TIME);
    if (!time) return [];
    const asked = await this.sealedCommands(time);
    const unknown = await this.database.query<{ id: string }>(UNKNOWN, [[...asked.keys()]]);
    if (unknown.length === 0) return [];
    const placed = await this.placedHolds();
    return unknown.flatMap(({ id }): LostWithdrawal[] => {
      const command = asked.get(id);
      if (!command?.digest || !placed.has(id)) return [];
      const { accountId, digest, reference = null, signedRequest = null } = command;
      const { requestProof = null } = command;
      return [{ id, accountId, venue: null, digest, reference, signedRequest, requestProof }];
    });
  }

  private async sealedCommands(time: LostTime): Promise<ReadonlyMap<string, PlaceHold>> {
    const messages = (await this.platform.readNewest?.(ledgerCommands, READ)) ?? [];
    const asked = new Map<string, PlaceHold>();
    for (const message of messages)
      if (message.type === 'ledger.place-hold.v1' && this.isLost(message.data, time))
        asked.set(message.data.withdrawalId, message.data);
    return asked;
  }

  private isLost({ withdrawalId: id, digest, seal }: PlaceHold, time: LostTime): boolean {
    const at = timeOfId(id);
    if (at < time.since.getTime() || at > time.until.getTime() || id > time.compared_to)
      return false;
    return digest !== undefined && seal !== undefined && this.authority.isSealed(digest, seal);
  }

  private async placedHolds(): Promise<ReadonlySet<string>> {
    const read = this.platform.readNewest;
    const events = (await read?.(ledgerEvents, READ)) ?? [];
    const steps = (await read?.(withdrawalEvents, READ)) ?? [];
    return new Set([
      ...events.flatMap(({ type, data }) =>
        PROVES_A_HOLD.has(type) && 'withdrawalId' in data ? (data.withdrawalId ?? []) : [],
      ),
      ...steps.map(({ data }) => data.withdrawalId),
    ]);
  }
}

const LOST_TIME = `
  SELECT l.began_at - interval '1 hour' AS since, l.began_at + interval '10 seconds' AS until, c.holds_compared_to::text AS compared_to
    FROM life l, ledger_comparison c WHERE l.began_at > clock_timestamp() - interval '15 minutes'`;

const UNKNOWN = `
  SELECT k.id FROM unnest($1::uuid[]) AS k (id)
   WHERE NOT EXISTS (SELECT FROM withdrawal w WHERE w.id = k.id)
     AND NOT EXISTS (SELECT FROM archived_withdrawal r WHERE r.id = k.id)
     AND NOT EXISTS (SELECT FROM lost_withdrawal l WHERE l.withdrawal_id = k.id AND l.resolved_at IS NULL)`;

/** Withdrawals may be lost up to this time after the restore was noticed. */
const LOST_UNTIL_MS = 10_000;

/**
 * Records lost withdrawals again, under id and number, by the terms of the newest step or of the
 * command for the hold. The ledger confirms the hold or places it again, and the venue reports the
 * payment: no amount is held, paid or debited twice.
 */
@Injectable()
export class RestoreLost {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly lost: LostWithdrawals,
    private readonly lostEverywhere: LostEverywhere,
    private readonly published: LostTermsReader,
    @InjectLogger() private readonly logger: Logger,
  ) {}

  /** Records the lost withdrawals found so far. Throws while the ledger or Kafka is away. */
  async run(signal?: AbortSignal): Promise<void> {
    const [restore] = await this.unitOfWork.database.query<{ began_at: Date }>(RESTORE, []);
    await this.record(signal);
    if (!restore) return;
    const to = idAt(restore.began_at.getTime() + LOST_UNTIL_MS);
    const ended = await this.unitOfWork.database.query(RECORDED, [to, restore.began_at]);
    if (ended.length > 0)
      this.logger.info(
        {},
        'the lost withdrawals are on record again: new requests are accepted again',
      );
  }

  private async record(signal?: AbortSignal): Promise<void> {
    await this.lost.find(signal);
    const lost = [...(await this.lost.open(signal)), ...(await this.lostEverywhere.find())];
    if (lost.length === 0) return;
    const continued = await this.published.continued(lost);
    const restored = await this.unitOfWork.run(async (tx) =>
      insertContinued(tx, continued, await tx.now()),
    );
    await this.lost.resolve();
    if (restored === 0) return;
    this.logger.warn(
      { lost: lost.length, restored },
      'lost withdrawals are on record again, from their published terms',
    );
  }
}

const RESTORE = 'SELECT began_at FROM life WHERE behind';

// $2 has milliseconds: a later restore is left alone
const RECORDED = `
  UPDATE life SET behind = false
   WHERE behind AND began_at < $2::timestamptz + interval '1 millisecond'
     AND EXISTS (SELECT FROM ledger_comparison WHERE holds_compared_to >= $1::uuid)
  RETURNING 1`;
