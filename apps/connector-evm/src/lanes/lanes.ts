import { Injectable } from '@nestjs/common';
import type { Head } from '@sluice/evm';
import { Database, type Tx } from '@sluice/postgres';
import { InjectLogger, type Logger } from '@sluice/service-shell';
import type { Address } from 'viem';
import type { Chain } from '../chain/chain.js';
import { nativeOf } from '../chain/payable-assets.js';
import { ON_RECORD, ONLY_FORGOTTEN } from './on-record.js';

interface LaneGap {
  readonly address: Address;
  readonly next_nonce: string;
}

/** Transaction counts per address: at the node's head, and at the final block. */
export interface NonceCounts {
  readonly latest: ReadonlyMap<Address, bigint>;
  readonly final: ReadonlyMap<Address, bigint>;
}

/** Null if no trustworthy node answers. */
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

/** Our sending addresses as rows, each with the next nonce. */
@Injectable()
export class NonceLanes {
  /** Networks by the generation of the database in which their rows were compared with the chain. */
  private readonly installed = new Map<string, number>();
  private readonly read = new Map<string, number>();
  private readonly placed = new Map<string, number>();

  constructor(
    private readonly database: Database,
    @InjectLogger() private readonly logger: Logger,
  ) {}

  /**
   * Creates a row for each configured address, and moves existing rows past the nonces used on the
   * chain. Marks an address as unread if the chain has transactions without a record, as after a
   * restore. Compares once, and again after the database went back. Returns false while the chain
   * cannot be read.
   */
  async install(chain: Chain): Promise<boolean> {
    const { network } = chain.settings;
    const { generation } = this.database.continuity;
    if (this.installed.get(network) !== generation) {
      if (!(await this.compare(chain))) return false;
      this.installed.set(network, generation);
    }
    if (this.arePlaced(network)) return true;
    const [row] = await this.database.query<{ unread: boolean; unlisted: boolean }>(PLACED, [
      network,
    ]);
    if (row?.unread === false) this.read.set(network, generation);
    if (row?.unread === false && !row.unlisted) this.placed.set(network, generation);
    return true;
  }

  private async compare(chain: Chain): Promise<boolean> {
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
      address,
      purpose,
      account_id: accountId,
      next_nonce: (counts.latest.get(address) ?? 0n).toString(),
      final: (counts.final.get(address) ?? 0n).toString(),
      pending: (pending.get(address) ?? 0n).toString(),
    }));
    const behind = await this.database.query<LaneGap>(INSTALL, [
      network,
      JSON.stringify(rows),
      head.number.toString(),
      head.finalNumber.toString(),
    ]);
    for (const lane of behind)
      this.logger.warn(
        { network, ...lane },
        'the chain has transactions of this address without a record: earlier orders wait until an operator has checked them',
      );
    return true;
  }

  /**
   * Returns true once the transactions of the network's addresses are on record. Until then the
   * connector reports no order of the network as never sent.
   */
  areRead(network: string): boolean {
    return this.read.get(network) === this.database.continuity.generation;
  }

  /**
   * Returns true once the record reader has compared the payments found on the chain with the orders.
   * Until then the network leases no nonce.
   */
  arePlaced(network: string): boolean {
    return this.placed.get(network) === this.database.continuity.generation;
  }
}

/**
 * Moves addresses past nonces used by final transactions unknown to this database, and marks the
 * nonces dead. Only for addresses after people have identified the sender of the transactions.
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
      'the address continues after its transactions without a record',
    );
}

/** Venue reference of a forgotten transaction `f`, in the format of `venueReferenceOf`. */
const PLACE = "f.network || ':' || f.address || ':' || f.nonce";

// A single node's word places a new address only; beyond that every node has to agree, and that is so at a final block alone.
const INSTALL = `
  WITH w AS (
    SELECT * FROM json_to_recordset($2::json) AS w(address text, purpose text, account_id uuid, next_nonce bigint, final bigint, pending bigint)),
  lost AS (
    SELECT l.address, least(min(n.nonce), CASE WHEN l.next_nonce < greatest(w.next_nonce, w.pending) THEN l.next_nonce END) AS nonce
      FROM w JOIN lane l ON l.network = $1 AND l.address = w.address
      LEFT JOIN nonce n ON n.network = $1 AND n.address = l.address AND n.state = 'leased' AND n.nonce < greatest(w.next_nonce, w.pending) AND NOT ${ON_RECORD}
     GROUP BY l.address, l.next_nonce, w.next_nonce, w.pending),
  behind AS (
    UPDATE lane l
       SET unread_nonce = least(l.unread_nonce, lost.nonce),
           unread_block = CASE WHEN lost.nonce IS NULL THEN l.unread_block ELSE least(l.unread_block, f.head_number, $3::bigint) END,
           next_nonce = greatest(l.next_nonce, w.final), complete_from = CASE WHEN l.next_nonce < w.final THEN w.final ELSE l.complete_from END, forgotten_at = clock_timestamp()
      FROM w LEFT JOIN lost ON lost.address = w.address LEFT JOIN chain_follower f ON f.network = $1 WHERE l.network = $1 AND l.address = w.address
       AND (l.next_nonce < greatest(w.next_nonce, w.pending)
            OR EXISTS (SELECT FROM nonce n WHERE n.network = $1 AND n.address = l.address AND n.state = 'leased' AND n.nonce < w.pending))
    RETURNING l.address, l.next_nonce),
  made AS (
    INSERT INTO lane (network, address, purpose, account_id, next_nonce, forgotten_at, unread_nonce, unread_block)
    SELECT $1, w.address, w.purpose, w.account_id, w.next_nonce, CASE WHEN w.pending > 0 THEN clock_timestamp() END,
           CASE WHEN greatest(w.next_nonce, w.pending) > w.final THEN w.final END, CASE WHEN greatest(w.next_nonce, w.pending) > w.final THEN greatest($4::bigint, 0) END
      FROM w ORDER BY w.address ON CONFLICT (network, address) DO NOTHING
    RETURNING address, next_nonce, forgotten_at)
  SELECT address, next_nonce::text FROM behind UNION ALL SELECT address, next_nonce::text FROM made WHERE forgotten_at IS NOT NULL`;

/**
 * `unread`: the follower still reads transactions of an address from the chain. `unlisted`: the record
 * reader has not compared a payment found on the chain yet.
 */
const PLACED = `
  SELECT EXISTS (SELECT FROM lane l WHERE l.network = $1 AND l.unread_nonce IS NOT NULL) AS unread,
         EXISTS (SELECT FROM forgotten_transaction f
                  WHERE f.network = $1 AND f.asset IS NOT NULL AND f.noted_at > clock_timestamp() - interval '1 day'
                    AND NOT EXISTS (SELECT FROM unclaimed_record u WHERE u.venue_reference = ${PLACE})
                    AND NOT EXISTS (SELECT FROM submission s WHERE s.venue_reference = ${PLACE})
                    AND ${ONLY_FORGOTTEN}) AS unlisted`;

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
