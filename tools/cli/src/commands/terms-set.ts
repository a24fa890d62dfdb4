import type { CurrencyTermsDto, SetCurrencyTermsDto } from '@sluice/admin-api';
import { isAwaited } from '@sluice/admin-client';
import { awaitedText } from '../awaited-text.js';
import { usageError } from '../cli-error.js';
import type { Command } from '../command.js';
import type { Input } from '../input.js';
import { currencyTable } from '../render/terms-table.js';
import {
  ASSET_OPTIONS,
  codeIn,
  FROM,
  given,
  isAsset,
  newestOf,
  textOrNone,
  TWO_PEOPLE,
  yesOrNo,
} from '../terms-options.js';

const MOST_DECIMALS = 30;

export const termsSet: Command = {
  name: 'terms set',
  summary: 'sets the terms of a currency on a network from a time on, or adds the currency',
  operands: [],
  options: [
    ...ASSET_OPTIONS,
    FROM,
    { name: 'name', value: 'TEXT', help: 'what people call it' },
    { name: 'contract', value: 'ADDRESS', help: 'of a token: its contract, or none' },
    { name: 'decimals', value: 'D', help: 'of an amount' },
    { name: 'min', value: 'A', help: 'least amount of one withdrawal' },
    { name: 'fee-flat', value: 'A', help: 'what a withdrawal costs, flat' },
    { name: 'fee-percent', value: 'P', help: 'and in percent of its amount' },
    { name: 'active', value: 'yes|no', help: 'whether withdrawals of it are taken' },
    {
      name: 'open-to-all',
      value: 'yes|no',
      help: 'also for accounts without own settings',
    },
    {
      name: 'worth-eur',
      value: 'A',
      help: 'what one unit is worth, rather too much: of a currency for which no release has a ceiling',
    },
  ],
  notes: [
    TWO_PEOPLE,
    'What is not given stays as the newest version has it. Withdrawals on record keep their fee.',
    'A new currency needs --name, --decimals and --min; then a route, and its venue’s own name of it: sluice asset add.',
  ],
  example: 'terms set --currency USDT --network ETH --fee-flat 2 --from 2026-12-01T00:00:00Z',
  run: async (input, { services }) => {
    const [currency, network] = [codeIn(input, 'currency'), codeIn(input, 'network')];
    const all = await services.intake.currencyTerms();
    const newest = newestOf(all.filter(isAsset(currency, network)));
    const from = input.optional('from');
    const set = await services.intake.setCurrencyTerms({
      ...contentOf(newest, input),
      currency,
      network,
      after_version: newest?.version ?? null,
      ...(from !== undefined && { effective_at: from }),
    });
    return {
      json: set,
      text: (style) =>
        isAwaited(set) ? awaitedText(set, 'intake-api') : currencyTable([set], style),
    };
  },
};

type Content = Omit<SetCurrencyTermsDto, 'currency' | 'network' | 'after_version' | 'effective_at'>;

function contentOf(newest: CurrencyTermsDto | null, input: Input): Content {
  const fields = given({
    name: input.optional('name'),
    contract_address: textOrNone(input, 'contract'),
    decimals: input.integer('decimals', 0, MOST_DECIMALS),
    active: yesOrNo(input, 'active'),
    open_to_all: yesOrNo(input, 'open-to-all'),
    min_withdrawal_amount: input.optional('min'),
    withdrawal_fee_flat: input.optional('fee-flat'),
    withdrawal_fee_percent: input.optional('fee-percent'),
    unit_worth_eur: textOrNone(input, 'worth-eur'),
  });
  if (newest !== null) {
    if (Object.keys(fields).length === 0) throw usageError('nothing is to be changed');
    return { ...contentIn(newest), ...fields };
  }
  const { name, decimals, min_withdrawal_amount: minimum } = fields;
  if (name === undefined || decimals === undefined || minimum === undefined)
    throw usageError('there is no such currency yet: a new one needs --name, --decimals and --min');
  return {
    contract_address: null,
    active: true,
    open_to_all: false,
    unit_worth_eur: null,
    withdrawal_fee_flat: '0',
    withdrawal_fee_percent: '0',
    ...fields,
    name,
    decimals,
    min_withdrawal_amount: minimum,
  };
}

function contentIn(terms: CurrencyTermsDto): Content {
  const { name, contract_address, decimals, active, open_to_all, unit_worth_eur } = terms;
  const { min_withdrawal_amount, withdrawal_fee_flat, withdrawal_fee_percent } = terms;
  return {
    name,
    contract_address,
    decimals,
    active,
    open_to_all,
    unit_worth_eur,
    min_withdrawal_amount,
    withdrawal_fee_flat,
    withdrawal_fee_percent,
  };
}
