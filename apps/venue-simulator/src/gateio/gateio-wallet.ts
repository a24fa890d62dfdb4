import { amountOf } from '../sim/accounts.js';
import type { SimulatedAnswer } from '../sim/serve.js';
import { LIMIT_EACH_TIME, type GateioCurrency } from './gateio-currencies.js';
import { ACCOUNT_UID, errorAnswer, jsonAnswer } from './gateio-auth.js';
import type { GateioCall, GateioState } from './gateio-state.js';

/** Units of a total, with the simulated worth of a dollar in each unit. */
const PER_DOLLAR: ReadonlyMap<string, string> = new Map([
  ['USDT', '1'],
  ['USD', '1'],
  ['CNY', '7'],
  ['BTC', '0.00001'],
]);

export function listChains({ currencies }: GateioState, call: GateioCall): SimulatedAnswer {
  const symbol = call.query.get('currency');
  if (!symbol)
    return errorAnswer({
      label: 'MISSING_REQUIRED_PARAM',
      message: 'Missing required parameter: currency',
    });
  const currency = currencies().get(symbol.toUpperCase());
  if (!currency) return errorAnswer({ label: 'INVALID_CURRENCY', message: 'Invalid currency' });
  return jsonAnswer(
    currency.chains.map((chain) => ({
      chain: chain.chain,
      name_cn: chain.name,
      name_en: chain.name,
      contract_address: chain.contract,
      is_disabled: 0,
      is_deposit_disabled: 0,
      is_withdraw_disabled: chain.closed ? 1 : 0,
      decimal: `${chain.decimals}`,
      is_tag: chain.hasTag ? 1 : 0,
    })),
  );
}

export function listWithdrawStatus(
  { currencies }: GateioState,
  { query }: GateioCall,
): SimulatedAnswer {
  const asked = query.get('currency')?.toUpperCase();
  const shown = [...currencies().values()].filter(({ currency }) => !asked || currency === asked);
  return jsonAnswer(shown.map(withdrawStatus));
}

function withdrawStatus({ currency, name, chains }: GateioCurrency): object {
  return {
    currency,
    name,
    name_cn: name,
    deposit: '0',
    withdraw_percent: '0%',
    withdraw_fix: chains[0]?.fee ?? '0',
    withdraw_day_limit: LIMIT_EACH_TIME,
    withdraw_day_limit_remain: LIMIT_EACH_TIME,
    withdraw_amount_mini: chains[0]?.minimum ?? '0',
    withdraw_eachtime_limit: LIMIT_EACH_TIME,
    withdraw_fix_on_chains: Object.fromEntries(chains.map((chain) => [chain.chain, chain.fee])),
    withdraw_percent_on_chains: Object.fromEntries(chains.map((chain) => [chain.chain, '0%'])),
  };
}

/** GET /wallet/saved_address: the settings' `saved_addresses`. */
export function listSavedAddresses({ settings }: GateioState, call: GateioCall): SimulatedAnswer {
  const currency = call.query.get('currency')?.toUpperCase();
  const chain = call.query.get('chain')?.toUpperCase();
  const limit = Number(call.query.get('limit') ?? '50');
  const page = Number(call.query.get('page') ?? '1');
  if (!Number.isInteger(limit) || limit < 1 || limit > 100)
    return errorAnswer({ label: 'INVALID_PARAM_VALUE', message: 'Invalid parameter value: limit' });
  if (!Number.isInteger(page) || page < 1)
    return errorAnswer({ label: 'INVALID_PARAM_VALUE', message: 'Invalid parameter value: page' });
  const saved = settings().saved_addresses.filter(
    (one) =>
      (!currency || one.currency.toUpperCase() === currency) &&
      (!chain || one.chain.toUpperCase() === chain),
  );
  return jsonAnswer(saved.slice((page - 1) * limit, page * limit));
}

export function listSpotAccounts({ accounts }: GateioState, call: GateioCall): SimulatedAnswer {
  const asked = call.query.get('currency')?.toUpperCase();
  const currencies = asked
    ? accounts.currencies().filter((currency) => currency === asked)
    : accounts.currencies();
  return jsonAnswer(
    currencies.map((currency) => ({
      currency,
      available: accounts.of(currency, call.now).toString(),
      locked: '0',
      update_id: 1,
    })),
  );
}

/** GET /spot/time (public), in milliseconds unlike every other time. */
export function serverTime(_state: GateioState, call: GateioCall): SimulatedAnswer {
  return jsonAnswer({ server_time: call.now });
}

/** GET /wallet/total_balance: the spot account at fixed prices. */
export function totalBalance(
  { accounts, currencies }: GateioState,
  { query, now }: GateioCall,
): SimulatedAnswer {
  const asked = query.get('currency')?.toUpperCase() || 'USDT';
  const perDollar = PER_DOLLAR.get(asked);
  if (perDollar === undefined)
    return errorAnswer({ label: 'INVALID_CURRENCY', message: `Invalid currency ${asked}` });
  const percents = accounts
    .currencies()
    .map((currency) =>
      amountOf(accounts.of(currency, now).toString(), asked).percent(
        currencies().get(currency)?.usd ?? '0',
      ),
    )
    .reduce((sum, one) => sum.plus(one), amountOf('0', asked));
  const worth = percents.percent(perDollar).percent('1000000'); // cancels the two divisions by 100
  const total = { currency: asked, amount: worth.roundedDown(8).toString() };
  return jsonAnswer({ total, details: { spot: total } });
}

/** GET /spot/currencies (public): ccxt loads markets from this list. */
export function listCurrencies({ currencies }: GateioState): SimulatedAnswer {
  return jsonAnswer([...currencies().values()].map(currencyRow));
}

export function showCurrency({ currencies }: GateioState, { id }: GateioCall): SimulatedAnswer {
  const currency = currencies().get(id.toUpperCase());
  return currency
    ? jsonAnswer(currencyRow(currency))
    : errorAnswer({ label: 'INVALID_CURRENCY', message: `Invalid currency ${id}` });
}

function currencyRow({ currency, name, chains }: GateioCurrency): object {
  return {
    currency,
    name,
    delisted: false,
    withdraw_disabled: chains.every(({ closed }) => closed),
    withdraw_delayed: false,
    deposit_disabled: false,
    trade_disabled: false,
    chain: chains[0]?.chain ?? '',
    chains: chains.map((chain) => ({
      name: chain.chain,
      addr: chain.contract,
      withdraw_disabled: chain.closed,
      withdraw_delayed: false,
      deposit_disabled: false,
    })),
  };
}

export function accountDetail({ settings }: GateioState): SimulatedAnswer {
  return jsonAnswer({
    user_id: Number(ACCOUNT_UID),
    ip_whitelist: settings().key_ip_whitelist,
    currency_pairs: [],
    tier: 0,
    key: { mode: 1 },
    copy_trading_role: 0,
  });
}

/** GET /account/main_keys: the requesting key, by its beginning. */
export function listMainKeys({ settings }: GateioState, { key }: GateioCall): SimulatedAnswer {
  const { key_ip_whitelist: whitelist, key_more_permissions: more } = settings();
  const perms = [...(key?.permissions ?? []), ...more].map((name) => ({
    name,
    read_only: name === 'wallet' || name === 'spot',
  }));
  return jsonAnswer([
    {
      state: 1,
      mode: 1,
      name: key?.name,
      user_id: Number(ACCOUNT_UID),
      perms,
      ip_whitelist: whitelist,
      key: `${key?.api_key.slice(0, 12)}*****`,
    },
  ]);
}

/** Empty list of deposits or markets: a withdrawal venue needs neither. */
export function emptyList(): SimulatedAnswer {
  return jsonAnswer([]);
}
