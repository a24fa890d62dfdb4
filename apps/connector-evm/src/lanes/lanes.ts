import { Injectable } from '@nestjs/common';
import type { Head } from '@sluice/evm';
import { Database, type Tx } from '@sluice/postgres';
import { InjectLogger, type Logger } from '@sluice/service-shell';
import type { Address } from 'viem';
import type { Chain } from '../chain/chain.js';
import { nativeOf } from '../venue/wallet.assets.js';

interface LaneGap {
  readonly address: Address;
  readonly next_nonce: string;
}

/** How many transactions each address has: in the chain as a node has it now, and in what is final of it. */
export interface NonceCounts {
  readonly latest: ReadonlyMap<Address, bigint>;
  readonly final: ReadonlyMap<Address, bigint>;
}

/** Null while nobody who can be believed has answered. */
export async function countNonces(
  chain: Chain,
  head: Head,
  addresses: readonly Address[],
): Promise<NonceCounts | null> {
  const [latest, final] = await Promise.all([
    chain.nonces(addresses, 'latest'),
    head.finalNumber < 0n ? new Map<Address, bigint>() : chain.nonces(addresses, head.finalNumber),
  ]);
  return latest === null || final === null ? null : { latest, final };
}

/** Our sending addresses as rows: which nonce each gives out next. */
@Injectable()
export class Lanes {
  private readonly placed = new Set<string>();

  constructor(
    private readonly database: Database,
    @InjectLogger() private readonly logger: Logger,
  ) {}

  /**
   * Makes a row for each configured address that has none, from where its chain stands; one that is there stays, but never behind its chain: what
   * was used there is gone. Where the chain has more of an address than is on record, something was forgotten, as by a restore, and that is noted.
   * Answers false while the chain cannot be looked at.
   */
  async install(chain: Chain): Promise<boolean> {
    const { network, wallets } = chain.settings;
    const head = await chain.head();
    if (head === null) return false;
    const addresses = wallets.map(({ address }) => address);
    const [counts, pending] = await Promise.all([
      countNonces(chain, head, addresses),
      chain.nonces(addresses, 'pending'),
    ]);
    if (counts === null || pending === null) return false;
    const rows = wallets.map(({ address, purpose, accountId = null }) => ({
      ...{ address, purpose, account_id: accountId },
      next_nonce: (counts.latest.get(address) ?? 0n).toString(),
      final: (counts.final.get(address) ?? 0n).toString(),
      pending: (pending.get(address) ?? 0n).toString(),
    }));
    const behind = await this.database.query<LaneGap>(INSTALL, [network, JSON.stringify(rows)]);
    for (const lane of behind)
      this.logger.warn(
        { network, ...lane },
        'the chain has transactions of an address that are on no record here: orders of before wait for a person',
      );
    this.placed.add(network);
    return true;
  }

  /** Whether this process has compared the rows of a network with its chain: before that nothing is leased, and nobody says what was never sent. */
  arePlaced(network: string): boolean {
    return this.placed.has(network);
  }
}

/**
 * Lets addresses go on behind what their chain has used of them for good by transactions that are not on record here, and has those nonces as dead.
 * For addresses of which people have found out whose transactions these are.
 */
export async function skipUsed(
  sql: Pick<Tx, 'query'>,
  { settings }: Chain,
  { final }: NonceCounts,
  logger: Pick<Logger, 'warn'>,
): Promise<void> {
  const { network } = settings;
  const used = [...final].map(([address, count]) => ({ address, used: count.toString() }));
  const moved = await sql.query<LaneGap>(SKIP_USED, [
    network,
    JSON.stringify(used),
    nativeOf(settings).asset,
  ]);
  for (const lane of moved)
    logger.warn(
      { network, ...lane },
      'an address goes on behind transactions that nobody here has on record',
    );
}

// A single node's word places a new address only; beyond that every node has to agree, and that is so at a final block alone.
const INSTALL = `
  WITH w AS (
    SELECT * FROM json_to_recordset($2::json) AS w(address text, purpose text, account_id uuid, next_nonce bigint, final bigint, pending bigint)),
  behind AS (
    UPDATE lane l
       SET next_nonce = greatest(l.next_nonce, w.final), complete_from = CASE WHEN l.next_nonce < w.final THEN w.final ELSE l.complete_from END, forgotten_at = clock_timestamp()
      FROM w WHERE l.network = $1 AND l.address = w.address
       AND (l.next_nonce < greatest(w.final, w.pending)
            OR EXISTS (SELECT FROM nonce n WHERE n.network = $1 AND n.address = l.address AND n.state = 'leased' AND n.nonce < w.pending))
    RETURNING l.address, l.next_nonce),
  made AS (
    INSERT INTO lane (network, address, purpose, account_id, next_nonce, forgotten_at)
    SELECT $1, w.address, w.purpose, w.account_id, w.next_nonce, CASE WHEN w.pending > 0 THEN clock_timestamp() END
      FROM w ORDER BY w.address ON CONFLICT (network, address) DO NOTHING
    RETURNING address, next_nonce, forgotten_at)
  SELECT address, next_nonce::text FROM behind UNION ALL SELECT address, next_nonce::text FROM made WHERE forgotten_at IS NOT NULL`;

// Each nonce has its row, so that a missing one is seen.
const SKIP_USED = `
  WITH behind AS (
    SELECT l.address, l.next_nonce, c.used FROM lane l JOIN json_to_recordset($2::json) AS c(address text, used bigint) USING (address)
     WHERE l.network = $1 AND l.next_nonce < c.used ORDER BY l.address FOR UPDATE OF l),
  dead AS (
    INSERT INTO nonce (network, address, nonce, purpose, asset, decimals, amount, recipient, state, outcome, final_at)
    SELECT $1, b.address, skipped, 'void', $3, 18, 0, b.address, 'dead', 'dead', clock_timestamp()
      FROM behind b, generate_series(b.next_nonce, b.used - 1) AS skipped
    ON CONFLICT DO NOTHING)
  UPDATE lane l SET next_nonce = b.used FROM behind b WHERE l.network = $1 AND l.address = b.address RETURNING l.address, l.next_nonce::text`;
