import type { Command } from '../command.js';
import { cell } from '../render/cell.js';

export const keyRewrap: Command = {
  name: 'key rewrap',
  summary: 'seals anew each API key that another SECRETS_KEK has sealed',
  operands: [],
  options: [],
  notes: ['It may be repeated. What does not open is named, refused, and has to be made anew.'],
  example: 'key rewrap',
  run: async (_input, { services }) => {
    const keys = await services.intake.rewrapKeys();
    return {
      json: keys,
      text: (style) =>
        [
          `${cell(keys.sealed)} sealed anew`,
          ...(keys.refused.length > 0
            ? [style.doubtful(`these do not open and are refused: ${cell(keys.refused)}`)]
            : []),
        ].join('\n'),
    };
  },
};
