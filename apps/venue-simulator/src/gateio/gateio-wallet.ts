import type { Answer } from '../sim/serve.js';
import { CURRENCIES, LIMIT_EACH_TIME, type Currency } from './gateio-currencies.js';
import { errorAnswer, jsonAnswer } from './gateio-errors.js';
import { ACCOUNT_UID } from './gateio-keys.js';
import type { Call, GateioState } from './gateio-state.js';

/** GET /wallet/currency_chains (public). */
export function listChains(_state: GateioState, call: Call): Answer {
  const symbol = call.query.get('currency');
  if (!symbol)
    return errorAnswer({
      label: 'MISSING_REQUIRED_PARAM',
      message: 'Missing required parameter: currency',
    });
  const currency = CURRENCIES.get(symbol.toUpperCase());
  if (!currency) return errorAnswer({ label: 'INVALID_CURRENCY', message: 'Invalid currency' });
  return jsonAnswer(
    currency.chains.map((chain) => ({
      chain: chain.chain,
      name_cn: chain.name,
      name_en: chain.name,
      contract_address: chain.contract,
      is_disabled: 0,
      is_deposit_disabled: 0,
      is_withdraw_disabled: 0,
      decimal: `${chain.decimals}`,
      is_tag: chain.hasTag ? 1 : 0,
    })),
  );
}

/** GET /wallet/withdraw_status. */
export function listWithdrawStatus(_state: GateioState, call: Call): Answer {
  return jsonAnswer(currenciesAskedFor(call).map(withdrawStatus));
}

function withdrawStatus({ currency, name, chains }: Currency): object {
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

/** GET /wallet/saved_address: what `saved_addresses` of the settings says. The official SDK has no parameter that must be there. */
export function listSavedAddresses({ settings }: GateioState, call: Call): Answer {
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

/** GET /spot/accounts. */
export function listSpotAccounts({ accounts }: GateioState, call: Call): Answer {
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
export function serverTime(_state: GateioState, call: Call): Answer {
  return jsonAnswer({ server_time: call.now });
}

/** GET /spot/currencies (public): what ccxt loads its markets from. */
export function listCurrencies(): Answer {
  return jsonAnswer(
    [...CURRENCIES.values()].map(({ currency, name, chains }) => ({
      currency,
      name,
      delisted: false,
      withdraw_disabled: false,
      withdraw_delayed: false,
      deposit_disabled: false,
      trade_disabled: false,
      chains: chains.map((chain) => ({
        name: chain.chain,
        addr: chain.contract,
        withdraw_disabled: false,
        withdraw_delayed: false,
        deposit_disabled: false,
      })),
    })),
  );
}

/** GET /account/detail. */
export function accountDetail(): Answer {
  return jsonAnswer({ key: { mode: 1 } });
}

/** GET /account/main_keys: the one that asks, as if there were no other; the venue shows the beginning of a key. */
export function listMainKeys({ settings }: GateioState, { key }: Call): Answer {
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

/** Markets that a withdrawal venue need not have. */
export function emptyList(): Answer {
  return jsonAnswer([]);
}

function currenciesAskedFor(call: Call): Currency[] {
  const asked = call.query.get('currency')?.toUpperCase();
  return [...CURRENCIES.values()].filter((currency) => !asked || currency.currency === asked);
}
