import { Injectable } from '@nestjs/common';
import { Database } from '@sluice/postgres';
import type { GivenNonceDto } from '@sluice/signer-api';
import { NonceRecords } from '../records/nonce-records.js';
import type { NonceRow } from '../records/nonce-row.js';
import { NONCE_COLUMNS } from '../records/record-sql.js';
import { requireTrusted } from './require-trusted.js';

interface GivenRow extends NonceRow {
  readonly withdrawal_id: string;
  readonly transactions: GivenNonceDto['transactions'];
  readonly closed: boolean;
}

/**
 * Assigned nonces by withdrawal, for a connector with a database restored to an earlier moment. The
 * lookup returns only data that the connector was given before. Altered records give no answer.
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
