import { Inject, Injectable } from '@nestjs/common';
import { signClosed, type MessageKeys } from '@sluice/signing';
import { UnitOfWork } from '@sluice/postgres';
import { InjectMessageKeys } from '@sluice/service-shell';
import type { ClosedWithdrawalDto } from '@sluice/signer-api';
import { NonceRecords } from '../records/nonce-records.js';
import type { NonceRow } from '../records/nonce-row.js';
import { OF_WITHDRAWALS } from '../records/record-sql.js';
import { requireTrusted } from './require-trusted.js';

interface ClosedRow {
  readonly withdrawal_id: string;
  readonly signed: boolean;
}

/**
 * Withdrawals that end without a payment. The signer signs no payment of a closed withdrawal, and
 * the ledger releases the hold on the signer's statement alone. The signer sees no chain: the
 * connector proves the fate of a payment signed before the closing.
 */
@Injectable()
export class ClosedWithdrawals {
  constructor(
    @Inject(UnitOfWork) private readonly unitOfWork: Pick<UnitOfWork, 'run'>,
    @InjectMessageKeys() private readonly keys: MessageKeys,
    private readonly records: NonceRecords,
  ) {}

  /**
   * Closes the withdrawals; a closed withdrawal stays unchanged. The statements are signed after
   * the commit. Altered records close nothing: a hidden nonce would release the hold of a payment.
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
      statement: signClosed(ring, row.withdrawal_id, row.signed ? 'signed' : 'unsigned'),
    }));
  }
}

// Each payment decision takes a lock of this set: no payment is decided between the nonce lookup
// and the commit.
const LOCK_PAYMENTS = `SELECT FROM signed_total WHERE spending = 'payment' ORDER BY spending, asset FOR UPDATE`;

const CLOSE = `
  INSERT INTO closed_withdrawal (withdrawal_id, signed)
  SELECT DISTINCT w.id, EXISTS (SELECT FROM signed_nonce n WHERE n.withdrawal_id = w.id) FROM unnest($1::uuid[]) AS w (id) ORDER BY 1
  ON CONFLICT DO NOTHING`;

const CLOSED = `SELECT withdrawal_id, signed FROM closed_withdrawal WHERE withdrawal_id = ANY ($1::uuid[])`;
