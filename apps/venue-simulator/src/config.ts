import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { VENUES } from './venues.js';

export interface SimulatorConfig {
  readonly venue: string;
  readonly host: string;
  /** 0 takes a free port. */
  readonly port: number;
  /** Folder of the book. */
  readonly data: string;
}

/** Reads `VENUE [--port N] [--data DIR]` and SIM_HOST. Throws with the usage when they make no sense. */
export function readConfig(argv = process.argv.slice(2), env = process.env): SimulatorConfig {
  const { values, positionals } = parseArgs({ args: argv, allowPositionals: true, options: { port: { type: 'string' }, data: { type: 'string' } } });
  const [venue = '', ...rest] = positionals;
  const port = values.port ?? '0';
  if (!Object.hasOwn(VENUES, venue) || rest.length > 0 || !/^[0-9]{1,5}$/.test(port) || Number(port) > 65_535) {
    throw new Error(`usage: simulator ${Object.keys(VENUES).join('|')} [--port N] [--data DIR]`);
  }
  return Object.freeze({ venue, host: env['SIM_HOST'] || '127.0.0.1', port: Number(port), data: values.data ?? join('.sluice', 'simulator', venue) });
}
