import { isAwaited } from '@sluice/admin-client';
import { connectorOf } from '@sluice/messages';
import { awaitedText } from '../awaited-text.js';
import { usageError } from '../cli-error.js';
import type { Command } from '../command.js';
import {
  ASSET_OPTIONS,
  codeIn,
  isAsset,
  textOrNone,
  TWO_PEOPLE,
  yesOrNo,
} from '../terms-options.js';
import { assetTable } from './asset-list.js';

export const assetAdd: Command = {
  name: 'asset add',
  summary: 'lets a connector pay a currency on a network that no release knows, or no more',
  operands: [],
  options: [
    { name: 'venue', value: 'V', help: 'whose connector', required: true },
    ...ASSET_OPTIONS,
    {
      name: 'code',
      value: 'TEXT',
      help: 'what the venue calls it: the chain, or at bitmart the currency on it; it never changes',
    },
    {
      name: 'worth-eur',
      value: 'A',
      help: 'what one unit is worth, rather too much: of a currency for which no release has a ceiling',
    },
    {
      name: 'active',
      value: 'yes|no',
      help: 'no: the connector accepts no new order; default yes',
    },
  ],
  notes: [
    TWO_PEOPLE,
    'Do it before the currency is on a route: what a connector does not know it refuses.',
  ],
  example:
    'asset add --venue gateio --currency PEPE --network BASE --code BASEEVM --worth-eur 0.00002',
  run: async (input, { services }) => {
    const venue = input.text('venue');
    const connector = services.connector(venue);
    const [currency, network] = [codeIn(input, 'currency'), codeIn(input, 'network')];
    const added = (await connector.assets()).filter(({ built_in }) => !built_in);
    const now = added.find(isAsset(currency, network));
    const code = input.optional('code') ?? now?.code;
    if (typeof code !== 'string')
      throw usageError('--code is missing: what does the venue call it?');
    const worth = textOrNone(input, 'worth-eur');
    const set = await connector.setAsset({
      currency,
      network,
      code,
      after_version: now?.version ?? null,
      active: yesOrNo(input, 'active') ?? true,
      unit_worth_eur: worth === undefined ? (now?.unit_worth_eur ?? null) : worth,
    });
    return {
      json: set,
      text: (style) =>
        isAwaited(set) ? awaitedText(set, connectorOf(venue)) : assetTable([set], style),
    };
  },
};
