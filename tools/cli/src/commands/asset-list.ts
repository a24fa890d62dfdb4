import type { VenueAssetDto } from '@sluice/admin-api';
import type { Command } from '../command.js';
import { amount, ASSET, plain } from '../render/columns.js';
import type { Style } from '../render/style.js';
import { table, type Column } from '../render/table.js';

const COLUMNS: readonly Column<VenueAssetDto>[] = [
  ASSET,
  { title: 'since', of: ({ built_in, recorded_at }) => (built_in ? 'built in' : recorded_at) },
  plain('code', "venue's name"),
  plain('active'),
  amount('most_by_call', 'most by call'),
  amount('most_by_hour', 'by hour'),
  amount('most_by_day', 'by day'),
  amount('unit_worth_eur', 'EUR each'),
  plain('requested_by', 'asked by'),
  plain('approved_by', 'approved by'),
];

export const assetList: Command = {
  name: 'asset list',
  summary: 'lists what a connector pays, under which name of its venue’s, and how much at most',
  operands: [],
  options: [{ name: 'venue', value: 'V', help: 'whose connector', required: true }],
  example: 'asset list --venue gateio',
  run: async (input, { services }) => {
    const assets = await services.connector(input.text('venue')).assets();
    return { json: assets, text: (style) => assetTable(assets, style) };
  },
};

export function assetTable(assets: readonly VenueAssetDto[], style: Style): string {
  return table(COLUMNS, assets, style, 'it pays nothing');
}
