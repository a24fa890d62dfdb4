import type {
  AccountTermsDto,
  CurrencyTermsDto,
  SetAccountTermsDto,
  SetCurrencyTermsDto,
} from '@sluice/http-api';
import { usageError } from '../errors/errors.js';
import { command } from '../language/command.js';
import { A, SEE_ACCOUNTS } from '../language/shared-help.js';
import { defined } from '../language/usage.js';
import { list } from '../render/table.js';

const INTAKE = 'intake-api';
const VERSION =
  'version:right, state:state, effective_at as from, requested_by as asked by, approved_by';
const ASSET = '--currency USDT --network ETH';

const CURRENCY_TERMS = list(
  `currency.network as asset, ${VERSION}, active, open_to_all, decimals:right, min_withdrawal_amount:right as min, fee:right, unit_worth_eur:right as EUR each`,
  'there are no such terms',
);
const ACCOUNT_TERMS = list(
  `currency.network as asset, ${VERSION}, withdrawal_enabled as enabled, min_withdrawal_amount:right as min, fee:right`,
  'the account has no terms of its own',
);
const NETWORK_TERMS = list(`network, family, ${VERSION}, active`, 'there is no network');

export const TERMS = [
  command('terms list [--currency C] [--network N]', {
    help: `lists the terms of withdrawals: current and coming ones
      Every version with its authors: sluice terms show.`,
    example: '--currency USDT',
    call: async (given, { intake }) => {
      const terms = (await intake.currencyTerms()).filter(isOf(given));
      return terms.filter(({ state }) => state === 'in_force' || state === 'coming');
    },
    text: (terms, style) => CURRENCY_TERMS(terms.map(withFee), style),
  }),
  command('terms show --currency C --network N [--account A]', {
    help: `shows each version of the terms of a currency on a network, or of an account’s own
      --account: terms of this account; default the general terms`,
    missing: SEE_ACCOUNTS,
    call: async ({ account, ...asset }, { intake }) =>
      account === undefined
        ? { of: 'currency' as const, terms: (await intake.currencyTerms()).filter(isOf(asset)) }
        : {
            of: 'account' as const,
            terms: (await intake.accountTerms(account)).filter(isOf(asset)),
          },
    json: ({ terms }) => terms,
    text: (shown, style) =>
      shown.of === 'currency'
        ? CURRENCY_TERMS(shown.terms.map(withFee), style)
        : ACCOUNT_TERMS(shown.terms.map(withFee), style),
  }),
  command(
    'terms set --currency C --network N [--from UTC] [--name TEXT] [--contract ADDRESS|none] [--decimals 0..30] [--min A] [--fee-flat A] [--fee-percent P] [--active yes|no] [--open-to-all yes|no] [--worth-eur A|none]',
    {
      help: `sets the terms of a currency on a network from a time on, or adds the currency
        --name: name for people
        --contract: contract of a token
        --open-to-all: also for accounts without own settings
        An option that is not given stays as in the newest version. Withdrawals on record keep their fee.
        A new currency needs --name, --decimals and --min; then a route, and its venue’s own name of it: sluice asset add.`,
      example: `${ASSET} --fee-flat 2 --from 2040-01-01T00:00:00Z`,
      call: async ({ from, ...given }, { intake }) => {
        const asset = assetOf(given);
        const newest = newestOf((await intake.currencyTerms()).filter(isOf(asset)));
        const fields = defined({
          name: given.name,
          contract_address: given.contract,
          decimals: given.decimals,
          active: given.active,
          open_to_all: given.open_to_all,
          min_withdrawal_amount: given.min,
          withdrawal_fee_flat: given.fee_flat,
          withdrawal_fee_percent: given.fee_percent,
          unit_worth_eur: given.worth_eur,
        });
        const terms = newest === null ? newTerms(fields) : changed(termsOf(newest), fields);
        return intake.setCurrencyTerms({ ...terms, ...asset, ...after(newest, from) });
      },
      approval: INTAKE,
      text: (terms, style) => CURRENCY_TERMS([withFee(terms)], style),
    },
  ),
  command(
    'terms account --account A --currency C --network N [--from UTC] [--enabled yes|no] [--min A|none] [--fee-flat A|none] [--fee-percent P|none]',
    {
      help: `sets permission and prices of withdrawals of one account, from a time on
        --enabled: whether the account may withdraw the currency
        The value none restores the general value. An option that is not given stays as in the newest version.
        Its own price comes before that of a route and that of the currency.`,
      example: `${A} ${ASSET} --fee-flat 0`,
      call: async ({ account, from, ...given }, { intake }) => {
        const asset = assetOf(given);
        const newest = newestOf((await intake.accountTerms(account)).filter(isOf(asset)));
        const fields = defined({
          withdrawal_enabled: given.enabled,
          min_withdrawal_amount: given.min,
          withdrawal_fee_flat: given.fee_flat,
          withdrawal_fee_percent: given.fee_percent,
        });
        const terms = changed(newest === null ? NO_ACCOUNT_TERMS : accountTermsOf(newest), fields);
        return intake.setAccountTerms(account, { ...terms, ...asset, ...after(newest, from) });
      },
      approval: INTAKE,
      text: (terms, style) => ACCOUNT_TERMS([withFee(terms)], style),
    },
  ),
  command('terms networks', {
    help: 'lists the networks, each version, and how their addresses are checked',
    call: (_given, { intake }) => intake.networkTerms(),
    text: (terms, style) => NETWORK_TERMS(terms, style),
  }),
  command(
    'terms network --network N [--from UTC] [--family evm|tron|bitcoin|litecoin|dogecoin|xrp|stellar|ton|solana|cosmos|bank|other] [--active yes|no]',
    {
      help: `adds a network, or sets whether withdrawals on it are accepted, from a time on
        --family: check of its addresses and memos; it never changes
        Addresses of the family other are compared exactly, and cannot be checked.`,
      example: '--network BASE --family evm --active yes',
      call: async ({ from, ...given }, { intake }) => {
        const network = given.network.toUpperCase();
        const all = await intake.networkTerms();
        const newest = newestOf(all.filter((one) => one.network === network));
        const family = given.family ?? newest?.family;
        if (family === undefined)
          throw usageError('there is no such network yet: --family is missing');
        const active = given.active ?? newest?.active ?? true;
        return intake.setNetworkTerms({ network, family, active, ...after(newest, from) });
      },
      approval: INTAKE,
      text: (terms, style) => NETWORK_TERMS([terms], style),
    },
  ),
];

interface Asset {
  readonly currency: string;
  readonly network: string;
}

export function assetOf({ currency, network }: Asset): Asset {
  return { currency: currency.toUpperCase(), network: network.toUpperCase() };
}

/** Accepts rows of this currency and network (default: of any). */
export function isOf({ currency, network }: { [K in keyof Asset]: string | undefined }) {
  return (row: Asset): boolean =>
    [undefined, row.currency].includes(currency?.toUpperCase()) &&
    [undefined, row.network].includes(network?.toUpperCase());
}

/** The newest version, which the next version follows; null if none exists. */
function newestOf<T extends { readonly version: number }>(versions: readonly T[]): T | null {
  return versions.toSorted((one, other) => one.version - other.version).at(-1) ?? null;
}

/** The version that the new one follows, and its start. */
function after(newest: { readonly version: number } | null, from: string | undefined) {
  return { after_version: newest?.version ?? null, ...defined({ effective_at: from }) };
}

type Frame = 'currency' | 'network' | 'after_version' | 'effective_at';
type Terms = Omit<SetCurrencyTermsDto, Frame>;
type AccountTerms = Omit<SetAccountTermsDto, Frame>;

/** Terms of an account without own terms for an asset. */
const NO_ACCOUNT_TERMS: AccountTerms = {
  withdrawal_enabled: true,
  min_withdrawal_amount: null,
  withdrawal_fee_flat: null,
  withdrawal_fee_percent: null,
};

/** Throws a usage error without a change. */
function changed<T extends object>(terms: T, fields: Partial<T>): T {
  if (Object.keys(fields).length === 0) throw usageError('nothing is to be changed');
  return { ...terms, ...fields };
}

function termsOf(terms: CurrencyTermsDto): Terms {
  const { name, contract_address, decimals, active, open_to_all, unit_worth_eur } = terms;
  const { min_withdrawal_amount, withdrawal_fee_flat, withdrawal_fee_percent } = terms;
  const asset = { name, contract_address, decimals, active, open_to_all, unit_worth_eur };
  return { ...asset, min_withdrawal_amount, withdrawal_fee_flat, withdrawal_fee_percent };
}

function accountTermsOf(terms: AccountTermsDto): AccountTerms {
  const { withdrawal_enabled, min_withdrawal_amount } = terms;
  const { withdrawal_fee_flat, withdrawal_fee_percent } = terms;
  const limits = { withdrawal_enabled, min_withdrawal_amount };
  return { ...limits, withdrawal_fee_flat, withdrawal_fee_percent };
}

function newTerms(fields: Partial<Terms>): Terms {
  const { name, decimals, min_withdrawal_amount } = fields;
  if (name === undefined || decimals === undefined || min_withdrawal_amount === undefined)
    throw usageError('there is no such currency yet: a new one needs --name, --decimals and --min');
  const prices = { withdrawal_fee_flat: '0', withdrawal_fee_percent: '0', unit_worth_eur: null };
  const asset = { contract_address: null, active: true, open_to_all: false, ...prices };
  return { ...asset, ...fields, name, decimals, min_withdrawal_amount };
}

/** A fee as in routes: empty if it is the default of the currency. */
function withFee<T extends Pick<AccountTermsDto, 'withdrawal_fee_percent' | 'withdrawal_fee_flat'>>(
  terms: T,
) {
  return { ...terms, fee: feeText(terms.withdrawal_fee_percent, terms.withdrawal_fee_flat) };
}

export function feeText(percent: string | null, flat: string | null): string | null {
  const parts = [percent === null ? null : `${percent}%`, flat].filter((part) => part !== null);
  return parts.length === 0 ? null : parts.join(' + ');
}
