import type { Amount } from '@sluice/kernel';
import { amountOf } from '../sim/accounts.js';
import type { SimulatedAnswer } from '../sim/serve.js';
import { networkOf, networksOf, type BitmartNetwork } from './bitmart-currencies.js';
import { errorAnswer, okAnswer } from './bitmart-errors.js';
import type { BitmartState, BitmartCall } from './bitmart-state.js';

const MOST_CURRENCIES = 20;
const QUOTA_BTC = '100'; // reported, never reduced

/** GET /account/v1/withdraw/charge. */
export function showCharge({ currencies }: BitmartState, call: BitmartCall): SimulatedAnswer {
  const currency = call.query.get('currency');
  if (!currency) return errorAnswer({ code: 60000 });
  const network = networkOf(currencies(), currency);
  if (!network) return errorAnswer({ code: 60002 });
  return okAnswer({
    today_available_withdraw_BTC: QUOTA_BTC,
    min_withdraw: network.minimum,
    withdraw_precision: network.decimals,
    withdraw_fee: network.fee,
    withdraw_Precision_GeTen: network.multiple === null ? null : Number(network.multiple),
  });
}

/** GET /account/v1/currencies (public). Unknown ids in the query are omitted from the answer. */
export function listCurrencies({ currencies }: BitmartState, call: BitmartCall): SimulatedAnswer {
  const asked = call.query.get('currencies')?.split(',');
  if (asked && asked.length > MOST_CURRENCIES) return errorAnswer({ code: 60000 });
  return okAnswer({
    currencies: networksOf(currencies())
      .filter(({ id }) => !asked || asked.includes(id))
      .map(currencyRow),
  });
}

function currencyRow(row: BitmartNetwork): object {
  const { id, name, contract, chain, minimum, fee } = row;
  return {
    currency: id,
    name,
    contract_address: contract || null,
    network: chain,
    withdraw_enabled: isOpen(row),
    deposit_enabled: isOpen(row),
    withdraw_minsize: minimum,
    withdraw_minfee: fee,
    withdraw_fee: fee,
    withdraw_fee_estimate: fee,
    recharge_minsize: '0.00000001',
  };
}

/** GET /account/v1/wallet: a balance per currency over all networks; only positive balances. */
export function showWallet(state: BitmartState, call: BitmartCall): SimulatedAnswer {
  const usd = (currency: string): string => state.currencies().get(currency)?.usd ?? '0';
  const asked = call.query.get('currency');
  const priced = call.query.get('needUsdValuation') === 'true';
  const wallet = balances(state, call.now).filter(({ currency }) => !asked || currency === asked);
  return okAnswer({
    wallet: wallet.map(({ currency, available, frozen }) => ({
      currency,
      name: currency,
      available: available.toString(),
      ...(priced && { available_usd_valuation: worth(available, usd(currency)) }),
      frozen: frozen.toString(),
      unAvailable: frozen.toString(),
    })),
  });
}

/** Converts to dollars at the simulator's price, rounded down to cents. */
function worth(available: Amount, usd: string): string {
  return available.percent(usd).percent('10000').roundedDown(2).toFixed(2);
}

/** GET /spot/v1/wallet: the same balances in an older format, the default of clients. */
export function showSpotWallet(state: BitmartState, call: BitmartCall): SimulatedAnswer {
  return okAnswer({
    wallet: balances(state, call.now).map(({ currency, available, frozen }) => ({
      id: currency,
      name: currency,
      available: available.toString(),
      frozen: frozen.toString(),
      total: available.plus(frozen).toString(),
    })),
  });
}

function balances(
  { accounts, book }: BitmartState,
  now: number,
): { currency: string; available: Amount; frozen: Amount }[] {
  const frozen = new Map<string, Amount>();
  for (const entry of book.all()) {
    book.statusOf(entry, now);
    if (book.isFinal(entry)) continue;
    const { currency, amount } = entry.payment;
    frozen.set(
      currency,
      (frozen.get(currency) ?? amountOf('0', currency)).plus(amountOf(amount, currency)),
    );
  }
  return accounts
    .currencies()
    .map((currency) => ({
      currency,
      available: accounts.of(currency, now),
      frozen: frozen.get(currency) ?? amountOf('0', currency),
    }))
    .filter(({ available, frozen: held }) => available.isPositive() || held.isPositive());
}

/** GET /account/v1/withdraw/address/list: returns `saved_addresses` of the settings. */
export function listAddresses({ settings }: BitmartState): SimulatedAnswer {
  return okAnswer({ list: settings().saved_addresses });
}

/** GET /system/time (public). */
export function showTime(_state: BitmartState, call: BitmartCall): SimulatedAnswer {
  return okAnswer({ server_time: call.now });
}

/** GET /system/service (public): no service is under maintenance. */
export function listServices(_state: BitmartState, call: BitmartCall): SimulatedAnswer {
  const service = (service_type: string): object => ({
    title: `${service_type} API STOP`,
    service_type,
    status: 2,
    start_time: call.now - 7_200_000,
    end_time: call.now - 3_600_000,
  });
  return okAnswer({ service: ['spot', 'contract', 'account'].map(service) });
}

/** Empty list of markets: clients load markets first, but a withdrawal venue does not need any. */
export function emptyMarkets(): SimulatedAnswer {
  return okAnswer({ symbols: [] });
}

/** GET /spot/v1/currencies (public). */
export function listSpotCurrencies({ currencies }: BitmartState): SimulatedAnswer {
  const row = (network: BitmartNetwork): object => ({
    id: network.id,
    name: network.name,
    withdraw_enabled: isOpen(network),
    deposit_enabled: isOpen(network),
  });
  return okAnswer({ currencies: networksOf(currencies()).map(row) });
}

function isOpen({ closed, notByApi }: BitmartNetwork): boolean {
  return !closed && !notByApi;
}
