import { type Amount, ok, refuse, type Result } from '@sluice/kernel';
import { sha256Hex } from '@sluice/signing';
import { amountOf } from '../sim/accounts.js';
import type { Entry } from '../sim/facts.js';
import { changedRow } from '../sim/setting-checks.js';
import type { SimulatedAnswer } from '../sim/serve.js';
import { type BitmartNetwork, idOf, networkOf, networksOf } from './bitmart-currencies.js';
import { type BitmartError, errorAnswer, okAnswer } from './bitmart-auth.js';
import {
  type BitmartCall,
  type BitmartState,
  hasTransaction,
  wireStatus,
} from './bitmart-state.js';

const MOST_CURRENCIES = 20;
const QUOTA_BTC = '100'; // reported, never reduced

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

const DAY_MS = 86_400_000;
const LONGEST_SPAN_MS = 90 * DAY_MS;
const MOST_ROWS = 1_000;

interface BitmartRecordPage {
  readonly from: number;
  readonly to: number;
  readonly limit: number;
}

/** GET /account/v2/deposit-withdraw/history: the newest N of the window. A bare currency finds nothing and is no error. */
export function listHistory(state: BitmartState, call: BitmartCall): SimulatedAnswer {
  const page = readPage(call.query, call.now);
  if (!page.ok) return errorAnswer(page.refusal);
  const operation = call.query.get('operation_type');
  if (operation !== 'withdraw' && operation !== 'deposit') return errorAnswer({ code: 60000 });
  // the simulated account never receives deposits
  if (operation === 'deposit') return okAnswer({ records: [] });

  const currency = call.query.get('currency');
  const known = state.currencies();
  const id = currency === null ? null : (networkOf(known, currency)?.id ?? currency);
  const { from, to, limit } = page.value;
  const until = Math.min(to, call.now - state.settings().listing_delay_ms);
  const matches = (payment: Entry['payment']): boolean =>
    id === null || idOf(known, payment.currency, payment.chain) === id;
  const rows = (['chain', 'account'] as const)
    .flatMap((kind) => state.book.select({ kind, from, to: until, matches, offset: 0, limit }))
    .sort(
      (a, b) =>
        b.payment.created_at - a.payment.created_at || Number(b.payment.id) - Number(a.payment.id),
    )
    .slice(0, limit);
  return okAnswer({ records: rows.map((entry) => recordOf(state, call, entry)) });
}

export function showDetail(state: BitmartState, call: BitmartCall): SimulatedAnswer {
  const id = call.query.get('id');
  if (!id) return errorAnswer({ code: 60000 });
  const entry = state.book.find(id);
  const { listing_delay_ms } = state.settings();
  if (!entry || entry.payment.created_at > call.now - listing_delay_ms)
    return errorAnswer({ code: 60010 });
  return okAnswer({ record: recordOf(state, call, entry) });
}

function recordOf(state: BitmartState, { goesBack, now }: BitmartCall, entry: Entry): object {
  const { book, settings, currencies } = state;
  const { payment } = entry;
  const status = goesBack ? book.statusBefore(entry, now) : book.statusOf(entry, now);
  const shown = payment.kind === 'chain' || settings().account_record_address === 'value';
  const row = {
    withdraw_id: payment.id,
    deposit_id: '',
    operation_type: 'withdraw',
    currency: idOf(currencies(), payment.currency, payment.chain),
    apply_time: payment.created_at,
    arrival_amount: payment.net_amount,
    fee: payment.fee,
    status: wireStatus(status),
    address: shown ? payment.destination : '',
    address_memo: payment.memo ?? '',
    tx_id: payment.kind === 'chain' && hasTransaction(status) ? transactionOf(entry) : '',
  };
  return changedRow(row, payment, settings().record_changes);
}

function transactionOf({ payment }: Entry): string {
  const hash = sha256Hex(`bitmart ${payment.id}`);
  return payment.destination.startsWith('0x') ? `0x${hash}` : hash;
}

function readPage(query: URLSearchParams, now: number): Result<BitmartRecordPage, BitmartError> {
  const limit = wholeNumber(query, 'N', null);
  const to = wholeNumber(query, 'endTime', now);
  const from = wholeNumber(query, 'startTime', to === null ? null : to - LONGEST_SPAN_MS);
  if (limit === null || limit < 1 || limit > MOST_ROWS || to === null || from === null)
    return refuse({ code: 60000 });
  if (from > to) return refuse({ code: 60067 });
  return to - from > LONGEST_SPAN_MS ? refuse({ code: 60066 }) : ok({ from, to, limit });
}

function wholeNumber(
  query: URLSearchParams,
  name: string,
  otherwise: number | null,
): number | null {
  const text = query.get(name);
  if (text === null || text === '') return otherwise;
  return /^[0-9]{1,15}$/.test(text) ? Number(text) : null;
}
