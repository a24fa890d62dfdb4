import { Injectable } from '@nestjs/common';
import type {
  OtherSpending,
  SpendingSpan,
  VenueBalance,
  VenueBalances,
} from '@sluice/connector-rules';
import { type Asset, networkOf } from '@sluice/kernel';
import { Database } from '@sluice/postgres';
import { amountOfUnits, type Chain, nativeOf } from '../chain/chain.js';
import { WalletChains } from '../chain/wallet-chains.js';
import { WalletFunds } from '../lanes/wallet-funds.js';

interface GasRow {
  readonly currency: Asset;
  readonly gone: string;
  readonly under_way: string;
}

/** Balance of each asset over all our addresses, and the gas spent, for the engine's comparison. */
@Injectable()
export class WalletBalances {
  constructor(
    private readonly chains: WalletChains,
    private readonly funds: WalletFunds,
    private readonly database: Database,
  ) {}

  async read(): Promise<VenueBalances> {
    const balances = await Promise.all(this.chains.all.map((chain) => this.ofChain(chain)));
    const readable = balances.filter((one) => one !== null).flat();
    return readable.length > 0
      ? { kind: 'balances', balances: readable }
      : { kind: 'unavailable', cause: 'no chain can be read, at all of our addresses' };
  }

  async besides(spans: readonly SpendingSpan[]): Promise<readonly OtherSpending[]> {
    const natives = this.chains.all.map(({ settings }) => nativeOf(settings));
    const wanted = spans.flatMap(({ currency, from, to }) => {
      const native = natives.find(({ asset }) => asset === currency);
      return native ? [{ currency, network: native.network, since: from, until: to }] : [];
    });
    const rows = await this.database.query<GasRow>(GAS_BESIDES, [JSON.stringify(wanted)]);
    return rows.flatMap(({ currency, gone, under_way: underWay }) => {
      const native = natives.find(({ asset }) => asset === currency);
      if (!native) return [];
      const amount = (wei: string) => amountOfUnits(BigInt(wei), native);
      return [{ currency, gone: amount(gone), underWay: amount(underWay) }];
    });
  }

  /** Null if an address is unreadable, or if the node lacks a block already final for us. */
  private async ofChain({ settings }: Chain): Promise<readonly VenueBalance[] | null> {
    const { network, wallets } = settings;
    const [funds, [newest]] = await Promise.all([
      this.funds.read(network),
      this.database.query<{ block: string | null }>(NEWEST_FINAL, [network]),
    ]);
    if (funds === null || funds.byAddress.size < wallets.length) return null;
    if (funds.at < BigInt(newest?.block ?? 0)) return null;
    return [...this.chains.assets.values()]
      .filter(({ asset }) => networkOf(asset) === network)
      .map((one) => {
        const units = [...funds.byAddress.values()].map((has) => has.get(one.asset) ?? 0n);
        const total = amountOfUnits(
          units.reduce((sum, own) => sum + own, 0n),
          one,
        );
        return { currency: one.asset, total };
      });
  }
}

/** Newest block with a final transaction of ours. A node without it returns an older balance. */
const NEWEST_FINAL = `
  SELECT max(mined_in)::text AS block FROM nonce WHERE network = $1 AND state = 'final' AND taken_back_at IS NULL`;

/**
 * Wei per span. `gone`: gas of final transactions. `under_way`: gas of later ones, plus the most of
 * open nonces.
 */
const GAS_BESIDES = `
  WITH span AS (
    SELECT * FROM json_to_recordset($1::json) AS s(currency text, network text, since timestamptz, until timestamptz))
  SELECT s.currency,
         coalesce(sum(g.gas) FILTER (WHERE g.final_at <= s.until), 0)::text AS gone,
         (coalesce(sum(g.gas) FILTER (WHERE g.final_at > s.until), 0)
          + coalesce((SELECT sum(n.gas_reserve) FROM nonce n WHERE n.network = s.network AND n.state IN ('leased','released')), 0))::text AS under_way
    FROM span s
    LEFT JOIN LATERAL (
      SELECT coalesce(t.gas_used * t.effective_gas_price, t.gas_limit * t.max_fee) AS gas, t.final_at FROM transaction t WHERE t.network = s.network AND t.final_at > s.since) g ON true
   GROUP BY s.currency, s.network`;
