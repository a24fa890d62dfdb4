import { Inject, Injectable } from '@nestjs/common';
import { ApiError } from '@sluice/http-api';
import { Database, UnitOfWork } from '@sluice/postgres';
import { InjectMessageKeys } from '@sluice/service-shell';
import { type ClosedWithdrawalDto, type GivenNonceDto, SIGNER_REFUSALS } from '@sluice/signer-api';
import { type MessageKeys, signProof } from '@sluice/signing';
import { NonceRecords } from '../records/nonce-records.js';
import type { NonceRow } from '../records/nonce-memory.js';
import { NONCE_COLUMNS, OF_WITHDRAWALS } from '../records/nonce-watch.js';

interface GivenRow extends NonceRow {
  readonly withdrawal_id: string;
  readonly transactions: GivenNonceDto['transactions'];
  readonly closed: boolean;
}

/**
 * Nonces by withdrawal, for a connector restored to an earlier moment: only data given before.
 * Altered records give no answer.
 */
@Injectable()
export class GivenNonces {
  constructor(
    private readonly database: Database,
    private readonly records: NonceRecords,
  ) {}

  async of(withdrawalIds: readonly string[]): Promise<readonly GivenNonceDto[]> {
    const known = this.records.knownAmong(withdrawalIds);
    const rows = await this.database.query<GivenRow>(GIVEN, [withdrawalIds]);
    this.records.check(rows, { places: [], withdrawalIds: known });
    requireTrusted(this.records);
    return rows.map(({ withdrawal_id, address, nonce, transactions, closed }) => ({
      withdrawal_id,
      from: address,
      nonce,
      transactions,
      closed,
    }));
  }
}

const GIVEN = `
  SELECT ${NONCE_COLUMNS},
         coalesce((SELECT json_agg(json_build_object('raw', s.raw, 'hash', s.hash) ORDER BY s.signed_at, s.hash)
                     FROM signature s WHERE (s.chain_id, s.address, s.nonce) = (n.chain_id, n.address, n.nonce)), '[]') AS transactions,
         EXISTS (SELECT FROM closed_withdrawal c WHERE c.withdrawal_id = n.withdrawal_id) AS closed
    FROM signed_nonce n WHERE n.withdrawal_id = ANY ($1::uuid[])`;

interface ClosedRow {
  readonly withdrawal_id: string;
  readonly signed: boolean;
}

/**
 * Withdrawals without a payment: none is signed afterwards, and the ledger releases the hold on
 * this statement. The connector proves the fate of a payment signed before.
 */
@Injectable()
export class ClosedWithdrawals {
  constructor(
    @Inject(UnitOfWork) private readonly unitOfWork: Pick<UnitOfWork, 'run'>,
    @InjectMessageKeys() private readonly keys: MessageKeys,
    private readonly records: NonceRecords,
  ) {}

  /**
   * Closes withdrawals once; statements are signed after the commit. Altered records close nothing:
   * a hidden nonce would release a payment's hold.
   */
  async close(withdrawalIds: readonly string[]): Promise<readonly ClosedWithdrawalDto[]> {
    const rows = await this.unitOfWork.run(async (tx) => {
      void tx.query(LOCK_PAYMENTS);
      const nonces = await tx.query<NonceRow>(OF_WITHDRAWALS, [withdrawalIds]);
      this.records.check(nonces, { places: [], withdrawalIds });
      requireTrusted(this.records);
      void tx.query(CLOSE, [withdrawalIds]);
      return tx.query<ClosedRow>(CLOSED, [withdrawalIds]);
    });
    this.records.learnClosed(rows.map((row) => row.withdrawal_id));
    const ring = this.keys.with('ledger');
    return rows.map((row) => ({
      ...row,
      statement: signProof(ring, {
        says: 'closed',
        withdrawalId: row.withdrawal_id,
        as: row.signed ? 'signed' : 'unsigned',
      }),
    }));
  }
}

// Each payment takes a lock of this set: none is decided between look-up and commit.
const LOCK_PAYMENTS = `SELECT FROM signed_total WHERE spending = 'payment' ORDER BY spending, asset FOR UPDATE`;

const CLOSE = `
  INSERT INTO closed_withdrawal (withdrawal_id, signed)
  SELECT DISTINCT w.id, EXISTS (SELECT FROM signed_nonce n WHERE n.withdrawal_id = w.id) FROM unnest($1::uuid[]) AS w (id) ORDER BY 1
  ON CONFLICT DO NOTHING`;

const CLOSED = `SELECT withdrawal_id, signed FROM closed_withdrawal WHERE withdrawal_id = ANY ($1::uuid[])`;

/** Throws the refusal for altered records. */
function requireTrusted(records: NonceRecords): void {
  if (records.fault === null) return;
  const [status, message] = SIGNER_REFUSALS.records_altered;
  throw new ApiError(status, message);
}
