import { SEE_ACCOUNTS } from '../account-option.js';
import { orWhenMissing } from '../admin-faults.js';
import type { Command } from '../command.js';
import { accountTable, currencyTable } from '../render/terms-table.js';
import { ASSET_OPTIONS, codeIn, isAsset } from '../terms-options.js';

export const termsShow: Command = {
  name: 'terms show',
  summary: 'shows each version of the terms of a currency on a network, or of an account’s own',
  operands: [],
  options: [
    ...ASSET_OPTIONS,
    { name: 'account', value: 'A', help: 'terms of this account; default the general terms' },
  ],
  example: 'terms show --currency USDT --network ETH',
  run: async (input, { services }) => {
    const isMeant = isAsset(codeIn(input, 'currency'), codeIn(input, 'network'));
    const account = input.optional('account');
    if (account === undefined) {
      const terms = (await services.intake.currencyTerms()).filter(isMeant);
      return { json: terms, text: (style) => currencyTable(terms, style) };
    }
    const all = await orWhenMissing(services.intake.accountTerms(account), SEE_ACCOUNTS);
    const terms = all.filter(isMeant);
    return { json: terms, text: (style) => accountTable(terms, style) };
  },
};
