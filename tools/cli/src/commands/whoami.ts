import type { CallerDto } from '@sluice/admin-api';
import type { Command } from '../command.js';
import { cell } from '../render/cell.js';
import { facts } from '../render/table.js';

export const whoami: Command = {
  name: 'whoami',
  summary: 'shows the caller and their roles',
  operands: [],
  options: [],
  example: 'whoami',
  run: async (_input, { services }) => {
    const caller: CallerDto = await services.intake.whoami();
    const pairs = [
      ['name', cell(caller.name)],
      ['roles', cell(caller.roles.join(', '))],
    ] as const;
    return { json: caller, text: (style) => facts(pairs, style) };
  },
};
