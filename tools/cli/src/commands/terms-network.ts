import { isAwaited } from '@sluice/admin-client';
import { awaitedText } from '../awaited-text.js';
import { usageError } from '../cli-error.js';
import type { Command } from '../command.js';
import { networkTable } from '../render/terms-table.js';
import { codeIn, FROM, newestOf, TWO_PEOPLE, yesOrNo } from '../terms-options.js';

const FAMILIES = ['evm', 'tron', 'bitcoin', 'bank'] as const;

export const termsNetwork: Command = {
  name: 'terms network',
  summary: 'adds a network, or sets whether withdrawals on it are taken, from a time on',
  operands: [],
  options: [
    { name: 'network', value: 'N', help: 'e.g. ETH', required: true },
    FROM,
    {
      name: 'family',
      value: 'F',
      help: `how its addresses are checked: ${FAMILIES.join(', ')}; it never changes`,
    },
    { name: 'active', value: 'yes|no', help: 'whether withdrawals on it are taken' },
  ],
  notes: [TWO_PEOPLE, 'A family that is none of these takes a release.'],
  example: 'terms network --network BASE --family evm --active yes',
  run: async (input, { services }) => {
    const network = codeIn(input, 'network');
    const all = await services.intake.networkTerms();
    const newest = newestOf(all.filter((one) => one.network === network));
    const family = input.choice('family', FAMILIES) ?? newest?.family;
    if (family === undefined) throw usageError('there is no such network yet: --family is missing');
    const from = input.optional('from');
    const set = await services.intake.setNetworkTerms({
      network,
      family,
      after_version: newest?.version ?? null,
      active: yesOrNo(input, 'active') ?? newest?.active ?? true,
      ...(from !== undefined && { effective_at: from }),
    });
    return {
      json: set,
      text: (style) =>
        isAwaited(set) ? awaitedText(set, 'intake-api') : networkTable([set], style),
    };
  },
};
