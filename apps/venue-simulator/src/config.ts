import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { VENUES } from './venues.js';

/** One venue to serve. */
export interface SimulatorConfig {
  readonly venue: string;
  readonly host: string;
  /** 0 takes a free port. */
  readonly port: number;
  /** Folder of the book. */
  readonly data: string;
}

const NAMES = Object.keys(VENUES);
const USAGE = `usage: simulator ${NAMES.join('|')} [--port N] [--data DIR]
       simulator all [--port N | --ports VENUE=N,…] [--data DIR]`;

/** Reads the command line and SIM_HOST: what to serve, at least one venue. Throws with the usage when they make no sense. */
export function readConfig(argv = process.argv.slice(2), env = process.env): readonly SimulatorConfig[] {
  const text = { type: 'string' } as const;
  const { values, positionals } = parseArgs({ args: argv, allowPositionals: true, options: { port: text, ports: text, data: text } });
  const [what = '', ...rest] = positionals;
  const place = { host: env['SIM_HOST'] || '127.0.0.1' };
  if (rest.length > 0 || (values.port !== undefined && values.ports !== undefined)) throw new Error(USAGE);
  if (what === 'all') {
    const folder = values.data ?? join('.sluice', 'simulator');
    const ports = values.ports === undefined ? consecutivePorts(values.port) : namedPorts(values.ports);
    return [...ports].map(([venue, port]) => Object.freeze({ venue, ...place, port, data: join(folder, venue) }));
  }
  if (!NAMES.includes(what) || values.ports !== undefined) throw new Error(USAGE);
  return [Object.freeze({ venue: what, ...place, port: portIn(values.port ?? '0'), data: values.data ?? join('.sluice', 'simulator', what) })];
}

/** Every venue: free ports, or the first one given and those that follow it. */
function consecutivePorts(first = '0'): ReadonlyMap<string, number> {
  const from = portIn(first);
  return new Map(NAMES.map((venue, index) => [venue, from === 0 ? 0 : portIn(String(from + index))]));
}

/** `gateio=4010,bybit=4011`: these venues alone. */
function namedPorts(given: string): ReadonlyMap<string, number> {
  const ports = new Map<string, number>();
  for (const pair of given.split(',')) {
    const [venue = '', port = ''] = pair.split('=', 2);
    if (!NAMES.includes(venue) || ports.has(venue)) throw new Error(USAGE);
    ports.set(venue, portIn(port));
  }
  return ports;
}

function portIn(text: string): number {
  if (!/^[0-9]{1,5}$/.test(text) || Number(text) > 65_535) throw new Error(USAGE);
  return Number(text);
}
