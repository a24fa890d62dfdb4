import { orWhenMissing } from '../admin-faults.js';
import type { Command } from '../command.js';
import { EXPIRES, expiresIn } from '../expires-option.js';
import { PUBLIC_KEY, publicKeyIn } from '../public-key-option.js';
import { cell } from '../render/cell.js';
import { time } from '../render/time.js';
import { facts } from '../render/table.js';

const HOUR_SECONDS = 3_600;
const MOST_HOURS = 720;

export const keyRotate: Command = {
  name: 'key rotate',
  summary: 'gives an API key a second secret and shows it, once, or its next public key',
  operands: [{ name: 'KEY_ID', help: 'the public part of the key' }],
  options: [
    { name: 'overlap', value: 'HOURS', help: 'hours in which both secrets are valid; default 24' },
    EXPIRES,
    PUBLIC_KEY,
  ],
  notes: [
    'Id, permissions and client references stay: a request that is repeated under the new secret is the same request.',
  ],
  example: 'key rotate ck_5d0b7c21e4a90f3366b1d28c --overlap 48',
  run: async (input, { services }) => {
    const hours = input.integer('overlap', 0, MOST_HOURS);
    const publicKey = publicKeyIn(input);
    const key = await orWhenMissing(
      services.intake.rotateKey(input.operand('KEY_ID'), {
        ...(hours !== undefined && { overlap_seconds: hours * HOUR_SECONDS }),
        ...(publicKey !== undefined && { public_key: publicKey }),
        ...expiresIn(input),
      }),
      '"sluice key list --account A" shows the keys of an account',
    );
    return {
      json: key,
      text: (style) =>
        [
          facts(
            [
              ['key_id', cell(key.key_id)],
              [key.secret === null ? 'public key' : 'secret', cell(key.secret ?? key.public_key)],
              ['both until', time(key.overlap_until)],
              ['expires', key.expires_at === null ? 'never' : time(key.expires_at)],
            ],
            style,
          ),
          ...(key.secret === null
            ? []
            : [style.doubtful('the secret is not shown again: keep it now')]),
        ].join('\n'),
    };
  },
};
