import { Injectable } from '@nestjs/common';
import type { Address } from 'viem';
import type { Head } from '@sluice/evm';
import { Database, type Tx } from '@sluice/postgres';
import { InjectLogger, type Logger } from '@sluice/service-shell';
import { type Chain, nativeOf } from '../chain/chain.js';

/**
 * True if the row `n` records the transaction of its nonce. A payment's leased nonce without bytes
 * records none.
 */
export const ON_RECORD = `(n.state <> 'leased' OR n.purpose <> 'payment' OR EXISTS (
  SELECT FROM transaction t WHERE t.network = n.network AND t.address = n.address AND t.nonce = n.nonce))`;

/** True if the forgotten transaction `f` has no record other than its own. */
export const ONLY_FORGOTTEN = `NOT EXISTS (
  SELECT FROM nonce n WHERE (n.network, n.address, n.nonce) = (f.network, f.address, f.nonce) AND n.state <> 'dead' AND ${ON_RECORD})`;

interface LaneGap {
  readonly address: Address;
  readonly next_nonce: string;
}

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
   * Creates lanes past the nonces used on the chain, and marks an address as unread if the chain
   * has transactions without a record. Compares once, and after the database went back. False while
   * the chain is unreadable.
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

  /** True once all transactions are on record: before, no order counts as never sent. */
  areRead(network: string): boolean {
    return this.read.get(network) === this.database.continuity.generation;
  }

  /**
   * True once payments found on the chain were compared with the orders: before, no nonce is
   * leased.
   */
  arePlaced(network: string): boolean {
    return this.placed.get(network) === this.database.continuity.generation;
  }
}

/** Moves addresses past nonces of unknown final transactions, after people found their sender. */
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
 * `unread`: transactions of an address are still read. `unlisted`: a found payment is not compared
 * yet.
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

/** Locks all lanes of a network and purpose, in order: the holder is the only leaser. */
export const LOCK_LANES = `
  SELECT address, account_id, next_nonce::text, paused_because FROM lane WHERE network = $1 AND purpose = $2 ORDER BY address FOR UPDATE`;

export const LANES = `
  SELECT address, account_id, next_nonce::text, paused_because FROM lane WHERE network = $1 AND purpose = $2 ORDER BY address`;

/** Top-ups mined up to block $2 but not final, deducted from the receiving wallets. */
const UNCONFIRMED_TOP_UPS = `
  SELECT u.to_address, n.asset, sum(u.amount)::text, '0', 0
    FROM top_up u JOIN nonce n ON n.network = u.network AND n.address = u.from_address AND n.nonce = u.nonce
   WHERE u.network = $1 AND u.ended_at IS NULL AND n.purpose = 'top_up' AND n.mined_in <= $2 GROUP BY u.to_address, n.asset`;

/** Amounts not available at block $2: transactions without or in a later block, and open top-ups. */
export const WAITING = `
  SELECT address, asset, sum(amount)::text AS amount, sum(gas_reserve)::text AS gas, (count(*) FILTER (WHERE mined_in IS NULL))::int AS waiting
    FROM nonce WHERE network = $1 AND ((state IN ('leased','released') AND mined_in IS NULL) OR mined_in > $2) GROUP BY address, asset
  UNION ALL ${UNCONFIRMED_TOP_UPS}`;

/** The nonce of each withdrawal, with the first payment signed for the nonce. */
export const OF_WITHDRAWALS = `
  SELECT n.withdrawal_id, n.address, n.nonce::text, n.purpose, n.state, t.hash, t.raw, t.gas_limit::text, t.max_fee::text, t.max_priority_fee::text
    FROM nonce n
    LEFT JOIN LATERAL (
      SELECT t.* FROM transaction t
       WHERE t.network = n.network AND t.address = n.address AND t.nonce = n.nonce AND t.kind = 'payment' ORDER BY t.signed_at LIMIT 1) t ON true
   WHERE n.withdrawal_id = ANY ($1::uuid[])`;

export const LEASED_ALREADY = `SELECT withdrawal_id FROM nonce WHERE withdrawal_id = ANY ($1::uuid[])`;

export const LEASE = `
  INSERT INTO nonce (network, address, nonce, purpose, withdrawal_id, client_reference, asset, decimals, amount, recipient, gas_reserve)
  SELECT $1, w.address, w.nonce, w.purpose, w.withdrawal_id, w.client_reference, w.asset, w.decimals, w.amount, w.recipient, w.gas_reserve
    FROM json_to_recordset($2::json) AS w(address text, nonce bigint, purpose text, withdrawal_id uuid, client_reference text, asset text, decimals smallint, amount numeric,
                                          recipient text, gas_reserve numeric)`;

export const ADVANCE_LANES = `
  UPDATE lane l SET next_nonce = a.next_nonce FROM json_to_recordset($2::json) AS a(address text, next_nonce bigint)
   WHERE l.network = $1 AND l.address = a.address`;

/** Stores signed bytes before any is sent, and raises the gas reserve to the maximum cost. */
export const STORE_SIGNED = `
  WITH s AS (
    SELECT * FROM json_to_recordset($2::json) AS s(hash text, address text, nonce bigint, kind text, raw text, gas_limit numeric, max_fee numeric, max_priority_fee numeric)),
  kept AS (
    INSERT INTO transaction (hash, network, address, nonce, kind, raw, gas_limit, max_fee, max_priority_fee)
    SELECT hash, $1, address, nonce, kind, raw, gas_limit, max_fee, max_priority_fee FROM s ON CONFLICT (hash) DO NOTHING)
  UPDATE nonce n SET gas_reserve = greatest(n.gas_reserve, s.gas_limit * s.max_fee)
    FROM s WHERE n.network = $1 AND n.address = s.address AND n.nonce = s.nonce AND n.gas_reserve < s.gas_limit * s.max_fee`;

export const WALLETS = `
  SELECT l.network, l.address, l.purpose, l.account_id, l.next_nonce::text, l.paused_because,
         coalesce(w.waiting, 0)::int AS waiting, coalesce(w.unconfirmed, 0)::int AS unconfirmed, coalesce(w.under_way, '{}') AS under_way,
         coalesce(w.gas, 0)::text AS gas_under_way, f.head_number::text, f.looked_at
    FROM lane l
    LEFT JOIN chain_follower f ON f.network = l.network
    LEFT JOIN (
      SELECT network, address, sum(waiting) AS waiting, sum(unconfirmed) AS unconfirmed, sum(gas) AS gas,
             json_object_agg(asset, amount::text) FILTER (WHERE amount IS NOT NULL) AS under_way
        FROM (SELECT network, address, asset, count(*) FILTER (WHERE mined_in IS NULL) AS waiting, count(*) FILTER (WHERE mined_in IS NOT NULL) AS unconfirmed,
                     sum(amount) FILTER (WHERE mined_in IS NULL) AS amount, sum(gas_reserve) FILTER (WHERE mined_in IS NULL) AS gas
                FROM nonce WHERE state IN ('leased','released') GROUP BY network, address, asset) a
       GROUP BY network, address) w ON w.network = l.network AND w.address = l.address
   ORDER BY l.network, l.purpose, l.address`;
