import type { Command } from '../command.js';
import { routeTable } from '../render/route-table.js';

export const routeList: Command = {
  name: 'route list',
  summary: 'lists which venues pay what, in the order of preference',
  operands: [],
  options: [
    { name: 'currency', value: 'C', help: 'only of this currency' },
    { name: 'network', value: 'N', help: 'only on this network' },
  ],
  example: 'route list --currency USDT',
  run: async (input, { services }) => {
    const all = await services.intake.routes();
    const is = (field: 'currency' | 'network', value: string) =>
      [undefined, value].includes(input.optional(field)?.toUpperCase());
    const routes = all.filter(
      ({ currency, network }) => is('currency', currency) && is('network', network),
    );
    return { json: routes, text: (style) => routeTable(routes, style) };
  },
};
