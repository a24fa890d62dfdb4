import type { Command } from '../command.js';
import { currencyTable, networkTable } from '../render/terms-table.js';

export const termsList: Command = {
  name: 'terms list',
  summary: 'lists what may be withdrawn on which terms: those in force and those to come',
  operands: [],
  options: [
    { name: 'currency', value: 'C', help: 'only of this currency' },
    { name: 'network', value: 'N', help: 'only on this network' },
  ],
  notes: ['Every version with its authors: sluice terms show.'],
  example: 'terms list --currency USDT',
  run: async (input, { services }) => {
    const is = (field: 'currency' | 'network', value: string) =>
      [undefined, value].includes(input.optional(field)?.toUpperCase());
    const all = await services.intake.currencyTerms();
    const terms = all.filter(
      ({ currency, network, state }) =>
        is('currency', currency) &&
        is('network', network) &&
        (state === 'in_force' || state === 'coming'),
    );
    return { json: terms, text: (style) => currencyTable(terms, style) };
  },
};

export const termsNetworks: Command = {
  name: 'terms networks',
  summary: 'lists the networks, each version, and how their addresses are checked',
  operands: [],
  options: [],
  example: 'terms networks',
  run: async (_input, { services }) => {
    const terms = await services.intake.networkTerms();
    return { json: terms, text: (style) => networkTable(terms, style) };
  },
};
