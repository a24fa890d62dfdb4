import { Injectable } from '@nestjs/common';
import type { Address } from 'viem';
import { LEAST_CHECK_INTERVAL_MS } from '@sluice/connector-engine';
import { type Tx, UnitOfWork } from '@sluice/postgres';
import { BackgroundLoop } from '@sluice/runtime';
import { Check, InjectConfig, InjectPlatform, type Platform } from '@sluice/service-shell';
import { amountOfUnits, type Chain, nativeOf, type PayableAsset } from '../chain/chain.js';
import { WalletChains } from '../chain/wallet-chains.js';
import { WalletEvents } from '../events/wallet-events.js';

/** Retry delay after a skipped count. */
const SOON_MS = 1_000;

/** Coins of our addresses in a final block, and their numbers of transactions. */
interface FinalCoins {
  readonly block: bigint;
  readonly coins: readonly CoinsAt[];
  readonly nonces: ReadonlyMap<Address, bigint>;
}

interface CoinRow {
  readonly address: Address;
  readonly asset: string;
  readonly units: string;
}

interface CountedRow extends CoinRow {
  readonly arrivals: number;
  readonly nonces: string;
}

/**
 * Counts the coins of our addresses each minute and publishes arrivals from outside. A block counts
 * only if every used nonce has a stored outcome.
 */
@Injectable()
export class CoinCount {
  readonly loops: readonly BackgroundLoop[];

  constructor(
    private readonly chains: WalletChains,
    private readonly events: WalletEvents,
    private readonly unitOfWork: UnitOfWork,
    @InjectPlatform() private readonly platform: Pick<Platform, 'logger' | 'health'>,
    @InjectConfig() private readonly options: { readonly recordIntervalMs: number },
  ) {
    const { logger, health } = platform;
    const everyMs = Math.max(options.recordIntervalMs, LEAST_CHECK_INTERVAL_MS);
    this.loops = this.chains.all.map((chain) => {
      const { network } = chain.settings;
      const check = health.watch(new Check({ name: `wallet coins ${network}`, everyMs }));
      return new BackgroundLoop(`counting coins on ${network}`, logger, () =>
        this.step(chain, check),
      );
    });
  }

  private async step(chain: Chain, check: Check): Promise<number> {
    if (await this.count(chain)) {
      check.completed();
      return this.options.recordIntervalMs;
    }
    const head = await chain.recentHead();
    const isCountable = head !== null && head.finalNumber > 0n;
    if (!isCountable || chain.trouble().length > 0) check.attempted();
    return SOON_MS;
  }

  async count(chain: Chain): Promise<boolean> {
    const { network } = chain.settings;
    const seen = await this.finalCoins(chain);
    if (seen === null) return false;
    const nonces = [...seen.nonces].map(([address, count]) => ({
      address,
      nonces: count.toString(),
    }));
    return this.unitOfWork.run(async (tx) => {
      void tx.query(LOCK_COUNT, [network]);
      const known = await tx.query<CountedRow>(COUNTED, [network]);
      const [{ undecided } = { undecided: true }] = await tx.query<{ undecided: boolean }>(
        IS_UNDECIDED,
        [network, JSON.stringify(nonces)],
      );
      if (undecided || known.some((one) => isNewer(one, seen.nonces))) return false;
      const moved = await tx.query<CoinRow>(MOVED, [
        network,
        JSON.stringify(nonces),
        nativeOf(chain.settings).asset,
      ]);
      this.keep(tx, chain, seen, known.map(countedOf), moved.map(coinsOf));
      return true;
    });
  }

  private keep(
    tx: Tx,
    { settings }: Chain,
    { block, coins, nonces }: FinalCoins,
    known: readonly CountedCoins[],
    moved: readonly CoinsAt[],
  ): void {
    const { network, wallets } = settings;
    const { counted, arrivals } = countCoins(coins, known, moved);
    const rows = counted.map((one) => ({
      ...one,
      units: one.units.toString(),
      nonces: (nonces.get(one.address) ?? 0n).toString(),
    }));
    void tx.query(KEEP_COUNTED, [network, JSON.stringify(rows)]);
    const at = this.unitOfWork.database.clock.now();
    const assets = this.assetsOf(network);
    for (const { address, asset, units, number } of arrivals) {
      const one = assets.find((payable) => payable.asset === asset);
      const wallet = wallets.find((own) => own.address === address)?.purpose;
      if (one === undefined || wallet === undefined) continue;
      const amount = amountOfUnits(units, one);
      this.platform.logger.info(
        { network, address, amount: amount.toString(), asset },
        'the wallet received coins',
      );
      tx.publish(this.events.coinsArrived({ network, address, wallet, amount, number, block, at }));
    }
    for (const one of assets) {
      const units = coins.reduce(
        (sum, own) => (own.asset === one.asset ? sum + own.units : sum),
        0n,
      );
      tx.publish(this.events.coins(network, amountOfUnits(units, one), block, at));
    }
  }

  /** Null if not all values are readable at the same final block. */
  private async finalCoins(chain: Chain): Promise<FinalCoins | null> {
    const { network, wallets } = chain.settings;
    const [row] = await this.unitOfWork.database.query<{ block: string | null }>(FINAL_BLOCK, [
      network,
    ]);
    const head = await chain.recentHead();
    if (head === null || !row?.block || BigInt(row.block) > head.finalNumber) return null;
    const block = BigInt(row.block);
    if (block === 0n) return null; // block 0 holds no coins of ours
    const addresses = wallets.map(({ address }) => address);
    const assets = this.assetsOf(network);
    const tokens = assets.flatMap(({ token }) => (token === null ? [] : [token]));
    const [nonces, balances] = await Promise.all([
      chain.nonces(addresses, block),
      Promise.all(addresses.map((address) => chain.balances(address, tokens, block))),
    ]);
    if (nonces === null || nonces.size < addresses.length) return null;
    const coins = addresses.flatMap((address, index) => {
      const answer = balances[index];
      if (!answer) return [];
      return assets.map(({ asset, token }) => ({
        address,
        asset,
        units: token === null ? answer.native : (answer.tokens.get(token) ?? 0n),
      }));
    });
    return coins.length < addresses.length * assets.length ? null : { block, coins, nonces };
  }

  private assetsOf(network: string): readonly PayableAsset[] {
    return [...this.chains.assets.values()].filter((one) => one.network === network);
  }
}

/** Another process has counted a later block meanwhile. */
function isNewer({ address, nonces }: CountedRow, seen: ReadonlyMap<Address, bigint>): boolean {
  const now = seen.get(address);
  return now !== undefined && now < BigInt(nonces);
}

function countedOf({ address, asset, units, arrivals }: CountedRow): CountedCoins {
  return { address, asset, units: BigInt(units), arrivals };
}

function coinsOf({ address, asset, units }: CoinRow): CoinsAt {
  return { address, asset, units: BigInt(units) };
}

/** Balance of an asset at an address, in the smallest units of the asset. */
export interface CoinsAt {
  readonly address: Address;
  readonly asset: string;
  readonly units: bigint;
}

/** The stored count: the expected balance, and the number of arrivals. */
export interface CountedCoins extends CoinsAt {
  readonly arrivals: number;
}

interface Arrival extends CoinsAt {
  /** Number of the arrival; 1 is the first balance. */
  readonly number: number;
}

/**
 * Arrivals from outside: final balance minus expected one. `moved`: exact outflow since the last
 * count. A shortfall stays, and later arrivals make up for it: no gift hides a theft.
 */
export function countCoins(
  seen: readonly CoinsAt[],
  known: readonly CountedCoins[],
  moved: readonly CoinsAt[],
): { readonly counted: readonly CountedCoins[]; readonly arrivals: readonly Arrival[] } {
  const before = new Map(known.map((one) => [keyOf(one), one]));
  const gone = new Map(moved.map((one) => [keyOf(one), one.units]));
  const arrivals: Arrival[] = [];
  const counted = seen.map((there): CountedCoins => {
    const key = keyOf(there);
    const { units = 0n, arrivals: number = 0 } = before.get(key) ?? {};
    const expected = units - (gone.get(key) ?? 0n);
    if (there.units <= expected) return { ...there, units: expected, arrivals: number };
    arrivals.push({ ...there, units: there.units - expected, number: number + 1 });
    return { ...there, arrivals: number + 1 };
  });
  return { counted, arrivals };
}

function keyOf({ address, asset }: CoinsAt): string {
  return `${address} ${asset}`;
}

/** Lock per network: a single count at a time across all instances. */
const LOCK_COUNT = `SELECT pg_advisory_xact_lock(hashtextextended('wallet coins ' || $1, 0))`;

/** The newest final block with all decisions stored. */
const FINAL_BLOCK = `SELECT final_number::text AS block FROM chain_follower WHERE network = $1`;

const COUNTED = `SELECT address, asset, units::text, arrivals, nonces::text FROM wallet_coin WHERE network = $1`;

/** True if the chain has used a nonce ($2: address, nonces) without a stored outcome. */
const IS_UNDECIDED = `
  SELECT EXISTS (
    SELECT FROM nonce n JOIN json_to_recordset($2::json) AS c(address text, nonces bigint) USING (address)
     WHERE n.network = $1 AND n.state IN ('leased','released') AND n.nonce < c.nonces) AS undecided`;

/**
 * Units moved since the last count, by nonce, up to $2. Outflows are positive and include gas in
 * coin $3; received top-ups are negative.
 */
const MOVED = `
  WITH c AS (SELECT * FROM json_to_recordset($2::json) AS c(address text, nonces bigint)),
  ours AS (
    SELECT n.address, n.nonce, n.asset, n.amount, n.recipient, n.purpose, n.outcome
      FROM c JOIN nonce n ON n.network = $1 AND n.address = c.address AND n.nonce < c.nonces),
  counted AS (SELECT address, asset, nonces FROM wallet_coin WHERE network = $1),
  moved AS (
    SELECT o.address, o.asset, o.amount AS units
      FROM ours o LEFT JOIN counted k ON k.address = o.address AND k.asset = o.asset
     WHERE o.outcome = 'paid' AND o.nonce >= coalesce(k.nonces, 0)
    UNION ALL
    SELECT o.address, $3, coalesce(t.gas_used * t.effective_gas_price, 0)
      FROM ours o LEFT JOIN counted k ON k.address = o.address AND k.asset = $3
      JOIN transaction t ON t.network = $1 AND t.address = o.address AND t.nonce = o.nonce AND t.final_at IS NOT NULL
     WHERE o.nonce >= coalesce(k.nonces, 0)
    UNION ALL
    SELECT o.recipient, o.asset, -o.amount
      FROM ours o LEFT JOIN counted k ON k.address = o.address AND k.asset = o.asset
     WHERE o.purpose = 'top_up' AND o.outcome = 'paid' AND o.nonce >= coalesce(k.nonces, 0))
  SELECT address, asset, sum(units)::text AS units FROM moved GROUP BY address, asset`;

const KEEP_COUNTED = `
  INSERT INTO wallet_coin AS w (network, address, asset, units, arrivals, nonces)
  SELECT $1, c.address, c.asset, c.units, c.arrivals, c.nonces
    FROM json_to_recordset($2::json) AS c(address text, asset text, units numeric, arrivals integer, nonces bigint) ORDER BY c.address, c.asset
  ON CONFLICT (network, address, asset) DO UPDATE SET units = EXCLUDED.units, arrivals = EXCLUDED.arrivals, nonces = EXCLUDED.nonces, counted_at = clock_timestamp()`;
