import type { HaltDto } from '@sluice/admin-api';
import { connectorOf } from '@sluice/messages';
import type { Command } from '../command.js';
import type { Input } from '../input.js';
import { count, plain, when } from '../render/columns.js';
import { table, type Column } from '../render/table.js';
import type { Services } from '../services.js';

const COLUMNS: readonly Column<HaltDto & { readonly service: string }>[] = [
  plain('service'),
  count('id'),
  when('opened_at', 'opened'),
  plain('opened_by', 'by'),
  plain('scope'),
  plain('target'),
  plain('reason'),
  plain('subject'),
  plain('details'),
  when('lifted_at', 'lifted'),
  plain('lifted_by', 'lifted by'),
  plain('lift_evidence', 'evidence'),
];

export const haltList: Command = {
  name: 'halt list',
  summary: 'lists the halts: those in force, then lifted ones, with what each is about',
  operands: [],
  options: [
    {
      name: 'venue',
      value: 'V',
      help: "only of this venue's connector; default every service",
    },
    { name: 'all', help: 'lifted ones too' },
  ],
  example: 'halt list --venue gateio',
  run: async (input, { services }) => {
    const asked = [...servicesIn(input, services)].map(async ([service, admin]) => {
      const halts = await admin.halts();
      return halts.map((halt) => ({ service, ...halt }));
    });
    const rows = (await Promise.all(asked)).flat();
    const shown = input.isSet('all') ? rows : rows.filter((halt) => halt.lifted_at === null);
    return { json: shown, text: (style) => table(COLUMNS, shown, style, 'nothing is halted') };
  },
};

function servicesIn(input: Input, services: Services) {
  const venue = input.optional('venue');
  return venue === undefined
    ? services.halting()
    : new Map([[connectorOf(venue), services.connector(venue)]]);
}
