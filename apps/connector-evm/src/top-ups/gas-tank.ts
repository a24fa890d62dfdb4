import { Injectable } from '@nestjs/common';
import { Gauge } from 'prom-client';
import type { Address } from 'viem';
import {
  type Fees,
  mostGasCost,
  NATIVE_DECIMALS,
  quoteFees,
  textOf,
  type TopUpPolicy,
} from '@sluice/evm';
import type { Asset } from '@sluice/kernel';
import { UnitOfWork } from '@sluice/postgres';
import { BackgroundLoop } from '@sluice/runtime';
import { InjectLogger, type Logger } from '@sluice/service-shell';
import { type Chain, nativeOf } from '../chain/chain.js';
import { WalletChains } from '../chain/wallet-chains.js';
import { STORE_SIGNED } from '../lanes/lanes.js';
import { type ChainFunds, leaseNonces, type ToLease } from '../lanes/nonce-leases.js';
import { WalletFunds } from '../lanes/wallet-funds.js';
import { signedRow, topUpToSign } from '../sending/signed-transfers.js';
import { Signer } from '../sending/signer.js';
import { type PlannedTopUp, planTopUps } from './plan-top-ups.js';

const EVERY_MS = 5_000;
/** A plain transfer to an address without code, and a margin: hot wallets are none. */
const TOP_UP_GAS = 25_200n;

interface UnsignedRow {
  readonly address: Address;
  readonly nonce: string;
  readonly recipient: Address;
  readonly amount: string;
}

interface Moment {
  readonly chain: Chain;
  readonly tank: Address;
  readonly policy: TopUpPolicy;
  readonly funds: ChainFunds;
  readonly fees: Fees;
}

/**
 * Tops up the gas of hot wallets from a second wallet, as normal nonces. One top-up per wallet at a
 * time, and a daily maximum.
 */
@Injectable()
export class GasTank {
  readonly loops: readonly BackgroundLoop[];

  constructor(
    private readonly chains: WalletChains,
    private readonly walletFunds: WalletFunds,
    private readonly signer: Signer,
    private readonly unitOfWork: UnitOfWork,
    @InjectLogger() private readonly logger: Logger,
  ) {
    this.loops = this.chains.all
      .filter(({ settings }) => settings.topUps !== undefined)
      .map(
        (chain) =>
          new BackgroundLoop(`topping up on ${chain.settings.network}`, logger, async () => {
            await this.look(chain);
            return EVERY_MS;
          }),
      );
  }

  async look(chain: Chain): Promise<void> {
    const moment = await this.momentOf(chain);
    if (moment === null) return;
    await this.begin(moment);
    await this.sign(moment);
  }

  /** Null if no decision is possible: no tank, no trusted node, or fees above the cap. */
  private async momentOf(chain: Chain): Promise<Moment | null> {
    const { network, wallets, topUps: policy, fees: feePolicy } = chain.settings;
    const tank = wallets.find(({ purpose }) => purpose === 'tank')?.address;
    const [head, funds] = await Promise.all([chain.recentHead(), this.walletFunds.read(network)]);
    if (tank === undefined || policy === undefined || head === null || funds === null) return null;
    const quote = quoteFees(head, feePolicy);
    if (quote.kind === 'above_cap') {
      this.logger.warn(
        { network, cause: quote.cause },
        'gas top-ups are paused while the fees are above the fee cap',
      );
      return null;
    }
    return { chain, tank, policy, funds, fees: quote.fees };
  }

  private async begin(moment: Moment): Promise<void> {
    const { chain, tank, policy, funds } = moment;
    const { network } = chain.settings;
    const native = nativeOf(chain.settings).asset;
    const gas = mostGasCost(TOP_UP_GAS, moment.fees);
    const hot = hotBalances(moment, native);
    await this.unitOfWork.run(async (tx) => {
      // The lane's lock serializes the decisions of all processes.
      const [lane] = await tx.query(LOCK_TANK, [network, tank]);
      if (lane === undefined) return;
      const rows = await tx.query<{ address: Address }>(NOT_NOW, [
        network,
        hot.map(({ address }) => address),
      ]);
      const [given] = await tx.query<{ given: string }>(GIVEN_IN_A_DAY, [network]);
      const waiting = new Set(rows.map(({ address }) => address));
      const { topUps, without } = planTopUps(
        hot.map((wallet) => ({ ...wallet, isWaiting: waiting.has(wallet.address) })),
        {
          free: funds.byAddress.get(tank)?.get(native) ?? 0n,
          givenInADay: BigInt(given?.given ?? 0),
          gas,
        },
        policy,
      );
      gaugeWithoutGas(network, without.length);
      for (const { to, cause } of without)
        this.logger.error(
          { network, to, cause },
          'a wallet address runs out of gas: an operator must act on the cause',
        );
      const wanted = topUps.map((topUp) => toLease(topUp, { tank, native, gas }));
      const leased = await leaseNonces(tx, network, 'tank', { wanted, funds, native });
      const begun = topUps.flatMap(({ to, amount }, index) => {
        const lease = leased[index];
        if (lease?.kind !== 'leased') return [];
        const row = { from_address: tank, to_address: to, amount: String(amount) };
        return [{ ...row, nonce: String(lease.nonce) }];
      });
      if (begun.length === 0) return;
      await tx.query(BEGIN_TOP_UPS, [network, JSON.stringify(begun)]);
      for (const row of begun) this.logger.info({ network, ...row }, 'a gas top-up was started');
    });
  }

  /** Signs and stores top-ups; the follower sends them. */
  private async sign({ chain, fees }: Moment): Promise<void> {
    const { network } = chain.settings;
    const rows = await this.unitOfWork.database.query<UnsignedRow>(UNSIGNED_TOP_UPS, [network]);
    const answers = await Promise.all(
      rows.map(async ({ address: from, nonce, recipient: to, amount }) => {
        const numbered = { network, from, nonce: BigInt(nonce), ...fees, gasLimit: TOP_UP_GAS };
        const coins = textOf(BigInt(amount), NATIVE_DECIMALS);
        const outcome = await this.signer.sign(topUpToSign(numbered, to, coins));
        if (outcome.kind !== 'signed')
          this.logger.error(
            { network, nonce, to, message: outcome.message },
            'the signer refused a gas top-up',
          );
        return { numbered, outcome };
      }),
    );
    const signed = answers.flatMap(({ numbered, outcome }) =>
      outcome.kind === 'signed' ? [signedRow(numbered, 'top_up', outcome)] : [],
    );
    const refused = answers.filter(({ outcome }) => outcome.kind === 'refused');
    if (signed.length > 0)
      await this.unitOfWork.database.query(STORE_SIGNED, [network, JSON.stringify(signed)]);
    if (refused.length > 0)
      await this.unitOfWork.database.query(GIVE_UP_TOP_UPS, [
        network,
        refused.map(({ numbered }) => numbered.from),
        refused.map(({ numbered }) => numbered.nonce),
      ]);
  }
}

const LOCK_TANK = 'SELECT FROM lane WHERE network = $1 AND address = $2 FOR UPDATE';

function hotBalances({ chain, funds }: Moment, native: Asset) {
  return chain.settings.wallets
    .filter(({ purpose }) => purpose === 'hot')
    .flatMap(({ address }) => {
      const balance = funds.byAddress.get(address)?.get(native);
      return balance === undefined ? [] : [{ address, balance }];
    });
}

function toLease(
  { to, amount }: PlannedTopUp,
  { tank, native, gas }: { tank: Address; native: Asset; gas: bigint },
): ToLease {
  return {
    accountId: '',
    asset: native,
    native,
    decimals: NATIVE_DECIMALS,
    amount,
    gas,
    from: tank,
    recipient: to,
    purpose: 'top_up',
    withdrawalId: null,
    clientReference: null,
  };
}

/** Addresses without a top-up now: one is open, or the last failed within the hour. */
const NOT_NOW = `
  SELECT w.address FROM unnest($2::text[]) AS w(address)
   WHERE EXISTS (SELECT FROM top_up u WHERE u.network = $1 AND u.to_address = w.address
                    AND (u.ended_at IS NULL OR (u.outcome <> 'paid' AND u.begun_at > clock_timestamp() - interval '1 hour')))`;

/** In wei, including the maximum gas of each top-up. A failed top-up counts only with gas. */
const GIVEN_IN_A_DAY = `
  SELECT coalesce(sum(n.gas_reserve + CASE WHEN u.outcome IS NULL OR u.outcome = 'paid' THEN u.amount ELSE 0 END), 0)::text AS given
    FROM top_up u LEFT JOIN nonce n ON n.network = u.network AND n.address = u.from_address AND n.nonce = u.nonce
   WHERE u.network = $1 AND u.begun_at > clock_timestamp() - interval '24 hours'`;

const BEGIN_TOP_UPS = `
  INSERT INTO top_up (network, from_address, to_address, amount, nonce)
  SELECT $1, t.from_address, t.to_address, t.amount, t.nonce
    FROM json_to_recordset($2::json) AS t(from_address text, to_address text, amount numeric, nonce bigint)`;

/** Top-ups without a signature: a process may have crashed between lease and signature. */
const UNSIGNED_TOP_UPS = `
  SELECT n.address, n.nonce::text, n.recipient, n.amount::text FROM nonce n
   WHERE n.network = $1 AND n.purpose = 'top_up' AND n.state = 'leased'
     AND NOT EXISTS (SELECT FROM transaction t WHERE t.network = n.network AND t.address = n.address AND t.nonce = n.nonce)
   ORDER BY n.nonce`;

/** The signer never signs them: voids take their places, and end the top-ups when they are final. */
const GIVE_UP_TOP_UPS = `
  UPDATE nonce n SET purpose = 'void', amount = 0, recipient = n.address
    FROM unnest($2::text[], $3::bigint[]) AS g(address, nonce)
   WHERE n.network = $1 AND n.address = g.address AND n.nonce = g.nonce AND n.purpose = 'top_up' AND n.state = 'leased'`;

const withoutGas = new Gauge({
  name: 'sluice_wallets_without_gas',
  help: 'Wallets that need gas and get none: the tank is short, or has given all that it gives in a day',
  labelNames: ['network'],
});

function gaugeWithoutGas(network: string, wallets: number): void {
  withoutGas.set({ network }, wallets);
}
