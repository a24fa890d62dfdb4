import { accessSync, constants, existsSync } from 'node:fs';
import { createServer } from 'node:net';
import { delimiter, join } from 'node:path';
import { userInfo } from 'node:os';
import type { Machine } from './what-is-missing.js';

/** Programs of administrators are not in everybody's PATH. */
const PLACES = [...(process.env['PATH'] ?? '').split(delimiter), '/usr/sbin', '/sbin'];

export const THIS_MACHINE: Machine = {
  platform: process.platform,
  uid: userInfo().uid,
  hasProgram: (name) => PLACES.some((place) => isExecutable(join(place, name))),
  hasPath: existsSync,
  isFree: (port) =>
    new Promise((resolve) => {
      const server = createServer();
      server.once('error', () => resolve(false));
      server.listen(port, '0.0.0.0', () => server.close(() => resolve(true)));
    }),
};

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
