import type { AccountTermsDto, SetAccountTermsDto } from '@sluice/admin-api';
import { isAwaited } from '@sluice/admin-client';
import { ACCOUNT, SEE_ACCOUNTS } from '../account-option.js';
import { orWhenMissing } from '../admin-faults.js';
import { awaitedText } from '../awaited-text.js';
import { usageError } from '../cli-error.js';
import type { Command } from '../command.js';
import type { Input } from '../input.js';
import { accountTable } from '../render/terms-table.js';
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

type Content = Pick<
  SetAccountTermsDto,
  'withdrawal_enabled' | 'min_withdrawal_amount' | 'withdrawal_fee_flat' | 'withdrawal_fee_percent'
>;

/** Default terms of an account without own terms for the asset. */
const NONE_YET: Content = {
  withdrawal_enabled: true,
  min_withdrawal_amount: null,
  withdrawal_fee_flat: null,
  withdrawal_fee_percent: null,
};

export const termsAccount: Command = {
  name: 'terms account',
  summary: 'sets what one account may withdraw, and its own price, from a time on',
  operands: [],
  options: [
    ACCOUNT,
    ...ASSET_OPTIONS,
    FROM,
    { name: 'enabled', value: 'yes|no', help: 'whether the account may withdraw it' },
    { name: 'min', value: 'A', help: 'least amount of one withdrawal, or none for all others’' },
    { name: 'fee-flat', value: 'A', help: 'its own price, or none for all others’' },
    { name: 'fee-percent', value: 'P', help: 'the same, in percent of the amount' },
  ],
  notes: [
    TWO_PEOPLE,
    'What is not given stays as its newest version has it.',
    'Its own price comes before that of a route and that of the currency.',
  ],
  example:
    'terms account --account 3f0c9d52-6a3e-4f5e-9a51-0b6d2f1c7e11 --currency USDT --network ETH --fee-flat 0',
  run: async (input, { services }) => {
    const account = input.text('account');
    const [currency, network] = [codeIn(input, 'currency'), codeIn(input, 'network')];
    const all = await orWhenMissing(services.intake.accountTerms(account), SEE_ACCOUNTS);
    const newest = newestOf(all.filter(isAsset(currency, network)));
    const from = input.optional('from');
    const set = await services.intake.setAccountTerms(account, {
      ...contentIn(newest),
      ...changesIn(input),
      currency,
      network,
      after_version: newest?.version ?? null,
      ...(from !== undefined && { effective_at: from }),
    });
    return {
      json: set,
      text: (style) =>
        isAwaited(set) ? awaitedText(set, 'intake-api') : accountTable([set], style),
    };
  },
};

function changesIn(input: Input): Partial<Content> {
  const fields = given({
    withdrawal_enabled: yesOrNo(input, 'enabled'),
    min_withdrawal_amount: textOrNone(input, 'min'),
    withdrawal_fee_flat: textOrNone(input, 'fee-flat'),
    withdrawal_fee_percent: textOrNone(input, 'fee-percent'),
  });
  if (Object.keys(fields).length === 0) throw usageError('nothing is to be changed');
  return fields;
}

function contentIn(terms: AccountTermsDto | null): Content {
  if (terms === null) return NONE_YET;
  const { withdrawal_enabled, min_withdrawal_amount } = terms;
  const { withdrawal_fee_flat, withdrawal_fee_percent } = terms;
  return {
    withdrawal_enabled,
    min_withdrawal_amount,
    withdrawal_fee_flat,
    withdrawal_fee_percent,
  };
}
