import { Injectable } from '@nestjs/common';
import { AdminError } from '@sluice/admin-client';
import { type Ended, type Endings, SendAuthority } from '@sluice/connector-engine';
import { WALLET, type WireMessage } from '@sluice/messages';
import { Database, type Tx, UnitOfWork } from '@sluice/postgres';
import { BackgroundLoop, monotonicMs } from '@sluice/runtime';
import {
  countOrderMismatch,
  InjectLogger,
  type Logger,
  LoopingService,
} from '@sluice/service-shell';
import { partsOfProof, withClosed } from '@sluice/signing';
import { Signer } from './signer.js';

const AT_ONCE = 200;
/** Period of fast polling after the end of a withdrawal: the customer may wait. */
const EAGER_FOR_MS = 5_000;
const EAGER_REST_MS = 50;
/** Finds the ends of a process that died before the answer of the signer. */
const REST_MS = 5_000;
const SIGNER_AGAIN_MS = 2_000;
const ENDS = ['venue.submission-refused.v1', 'venue.withdrawal-failed.v1'];

interface AwaitingRow {
  readonly withdrawal_id: string;
  readonly message: WireMessage;
}

/**
 * Delays the end of unpaid withdrawals until the signer states to sign no more payments of them:
 * without the statement the ledger releases no hold.
 */
@Injectable()
export class WithdrawalsClosedAtSigner extends LoopingService implements Endings {
  protected readonly loop: BackgroundLoop;
  private eagerUntil = 0;

  constructor(
    private readonly signer: Signer,
    private readonly authority: SendAuthority,
    private readonly database: Database,
    private readonly unitOfWork: UnitOfWork,
    @InjectLogger() private readonly logger: Logger,
  ) {
    super();
    this.loop = new BackgroundLoop('closing at the signer', logger, () => this.step());
  }

  publish(tx: Tx, ended: readonly Ended[]): void {
    if (ended.length === 0) return;
    void tx.query(PUT_AWAITING, [
      ended.map(({ withdrawalId }) => withdrawalId),
      ended.map(({ message }) => JSON.stringify(message)),
    ]);
    this.eagerUntil = monotonicMs() + EAGER_FOR_MS;
    this.loop.wake();
  }

  isWhole(proof: string): boolean {
    return partsOfProof(proof)[1] !== null;
  }

  private async step(): Promise<number> {
    const rows = await this.database.query<AwaitingRow>(AWAITING, [AT_ONCE]);
    if (rows.length === 0) return monotonicMs() < this.eagerUntil ? EAGER_REST_MS : REST_MS;
    const statements = await this.statements(rows.map((row) => row.withdrawal_id));
    if (statements === null) return SIGNER_AGAIN_MS;
    await this.unitOfWork.run((tx) => this.publishWhole(tx, statements));
    return 0;
  }

  /** Statements by withdrawal; null if the signer is unavailable. */
  private async statements(ids: readonly string[]): Promise<ReadonlyMap<string, string> | null> {
    try {
      const closed = await this.signer.close(ids);
      return new Map(closed.map((one) => [one.withdrawal_id, one.statement]));
    } catch (error) {
      if (!(error instanceof AdminError)) throw error;
      this.logger.warn(
        { waiting: ids.length, cause: error.message },
        'ended withdrawals wait for the signer: their holds remain until the signer has closed the withdrawals',
      );
      return null;
    }
  }

  private async publishWhole(tx: Tx, statements: ReadonlyMap<string, string>): Promise<void> {
    const taken = await tx.query<AwaitingRow>(TAKE_AWAITING, [[...statements.keys()]]);
    const whole = taken.flatMap((row) => {
      const statement = statements.get(row.withdrawal_id);
      const message = statement === undefined ? null : this.whole(row, statement);
      return message === null || statement === undefined ? [] : [{ row, statement, message }];
    });
    tx.publish(...whole.map(({ message }) => message));
    await tx.query(KEEP_STATEMENTS, [
      whole.map(({ row }) => row.withdrawal_id),
      whole.map(({ statement }) => statement),
    ]);
  }

  /**
   * Completes the message with the statement. Null if the proof is not of this connector and
   * withdrawal.
   */
  private whole(
    { withdrawal_id: id, message }: AwaitingRow,
    statement: string,
  ): WireMessage | null {
    const data = JSON.parse(message.value) as Record<string, unknown>;
    const { withdrawalId, digest, proof } = data;
    const isOurs =
      withdrawalId === id &&
      typeof digest === 'string' &&
      typeof proof === 'string' &&
      this.authority.isProven({ withdrawalId: id, digest }, proof) &&
      message.topic === `venue.${WALLET}.events` &&
      ENDS.includes(message.headers['ce_type'] ?? '');
    if (isOurs)
      return {
        ...message,
        value: JSON.stringify({ ...data, proof: withClosed(proof, statement) }),
      };
    countOrderMismatch('connector');
    this.logger.error(
      { withdrawalId: id },
      'an event that waits for the signer was not written by this service and is not published',
    );
    return null;
  }
}

/** If a withdrawal ended twice, as after a restore, the last end counts. */
const PUT_AWAITING = `
  INSERT INTO awaiting_signer (withdrawal_id, message)
  SELECT * FROM unnest($1::uuid[], $2::jsonb[])
  ON CONFLICT (withdrawal_id) DO UPDATE SET message = excluded.message`;

const AWAITING = `SELECT withdrawal_id, message FROM awaiting_signer ORDER BY ended_at LIMIT $1`;

/** Deletes and returns the rows; of two instances only one gets a row. */
const TAKE_AWAITING = `DELETE FROM awaiting_signer WHERE withdrawal_id = ANY ($1::uuid[]) RETURNING withdrawal_id, message`;

const KEEP_STATEMENTS = `
  UPDATE submission s SET nothing_moved = split_part(s.nothing_moved, '~', 1) || '~' || k.statement
    FROM unnest($1::uuid[], $2::text[]) AS k (withdrawal_id, statement)
   WHERE s.withdrawal_id = k.withdrawal_id AND s.nothing_moved IS NOT NULL`;
