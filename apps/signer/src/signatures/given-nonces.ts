import { Injectable } from '@nestjs/common';
import { Database } from '@sluice/postgres';
import type { GivenNonceDto } from '@sluice/signer-api';

/**
 * Assigned nonces by withdrawal, for a connector with a database restored to an earlier moment. The
 * lookup returns only data that the connector was given before.
 */
@Injectable()
export class GivenNonces {
  constructor(private readonly database: Database) {}

  of(withdrawalIds: readonly string[]): Promise<readonly GivenNonceDto[]> {
    return this.database.query<GivenNonceDto>(GIVEN, [withdrawalIds]);
  }
}

const GIVEN = `
  SELECT n.withdrawal_id, n.address AS "from", n.nonce::text,
         coalesce((SELECT json_agg(json_build_object('raw', s.raw, 'hash', s.hash) ORDER BY s.signed_at, s.hash)
                     FROM signature s WHERE (s.chain_id, s.address, s.nonce) = (n.chain_id, n.address, n.nonce)), '[]') AS transactions,
         EXISTS (SELECT FROM closed_withdrawal c WHERE c.withdrawal_id = n.withdrawal_id) AS closed
    FROM signed_nonce n WHERE n.withdrawal_id = ANY ($1::uuid[])`;
