import { Injectable } from '@nestjs/common';
import { Database } from '@sluice/postgres';
import { InjectLogger, type Logger } from '@sluice/service-shell';
import type { Address } from 'viem';
import type { Chain } from '../chain/chain.js';

interface LaneGap {
  readonly address: Address;
  readonly next_nonce: string;
}

/** Our sending addresses as rows: which nonce each gives out next. */
@Injectable()
export class Lanes {
  constructor(
    private readonly database: Database,
    @InjectLogger() private readonly logger: Logger,
  ) {}

  /**
   * Makes a row for each configured address that has none, from where its chain stands; one that is there stays, but never behind its chain: what
   * was used there is gone. Answers false while the chain cannot be looked at.
   */
  async install(chain: Chain): Promise<boolean> {
    const { network, wallets } = chain.settings;
    const head = await chain.head();
    if (head === null) return false;
    const addresses = wallets.map(({ address }) => address);
    const [counts, final] = await Promise.all([
      chain.nonces(addresses, 'latest'),
      head.finalNumber < 0n
        ? new Map<Address, bigint>()
        : chain.nonces(addresses, head.finalNumber),
    ]);
    if (counts === null || final === null) return false;
    const rows = wallets.map(({ address, purpose, accountId = null }) => ({
      ...{ address, purpose, account_id: accountId },
      next_nonce: (counts.get(address) ?? 0n).toString(),
      final: (final.get(address) ?? 0n).toString(),
    }));
    const moved = await this.database.query<LaneGap>(INSTALL, [network, JSON.stringify(rows)]);
    for (const lane of moved)
      this.logger.warn({ network, ...lane }, 'an address begins where its chain stands');
    return true;
  }
}

// A single node's word places a new address only; beyond that every node has to agree, and that is so at a final block alone.
const INSTALL = `
  WITH w AS (
    SELECT * FROM json_to_recordset($2::json) AS w(address text, purpose text, account_id uuid, next_nonce bigint, final bigint)),
  moved AS (
    UPDATE lane l SET next_nonce = w.final FROM w WHERE l.network = $1 AND l.address = w.address AND l.next_nonce < w.final RETURNING l.address, l.next_nonce),
  made AS (
    INSERT INTO lane (network, address, purpose, account_id, next_nonce)
    SELECT $1, w.address, w.purpose, w.account_id, w.next_nonce FROM w ORDER BY w.address ON CONFLICT (network, address) DO NOTHING
    RETURNING address, next_nonce)
  SELECT address, next_nonce::text FROM moved UNION ALL SELECT address, next_nonce::text FROM made`;
