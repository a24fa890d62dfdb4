import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { CannotStart } from './sim/facts.js';
import { listOf, someOf } from './sim/check.js';
import { VENUES } from './venues.js';

export interface SimulatorConfig {
  readonly venue: string;
  readonly host: string;
  /** 0 takes a free port. */
  readonly port: number;
  readonly data: string;
  /** Folder of the certificate to serve TLS with; null serves plain HTTP. */
  readonly tls: string | null;
  /** Keys to bring, as `POST /_sim/keys` takes them. */
  readonly keys: readonly unknown[];
}

const checkKeys = someOf(
  Object.fromEntries(Object.keys(VENUES).map((venue) => [venue, listOf(() => null)])),
);
const NAMES = Object.keys(VENUES);
const USAGE = `
usage: simulator ${NAMES.join('|')} [--port N] [--host IP] [--data DIR] [--tls] [--keys FILE]
       simulator all [--port N | --ports VENUE[-ACCOUNT]=N,…] [--host IP] [--data DIR] [--tls] [--keys FILE]`;

/** Reads the command line. Throws `CannotStart` with the usage. */
export function simulatorConfig(argv = process.argv.slice(2)): readonly SimulatorConfig[] {
  const { values, positionals } = parseCommand(argv);
  const [what = '', ...rest] = positionals;
  const keys = values.keys === undefined ? {} : readKeys(values.keys);
  const folder = values.data ?? join('.sluice', 'simulator', ...(what === 'all' ? [] : [what]));
  const place = {
    host: values.host ?? '127.0.0.1',
    tls: values.tls === true ? join(folder, 'tls') : null,
  };
  if (rest.length > 0) refuse(`expected a single venue or all, not also: ${rest.join(' ')}`);
  if (values.port !== undefined && values.ports !== undefined)
    refuse('--port or --ports, not both');
  if (what === 'all') {
    const ports =
      values.ports === undefined ? consecutivePorts(values.port) : namedPorts(values.ports);
    return [...ports].map(([account, port]) => {
      const venue = venueOf(account);
      return Object.freeze({
        venue,
        ...place,
        port,
        data: join(folder, account),
        keys: keys[venue] ?? [],
      });
    });
  }
  checkVenue(what);
  if (values.ports !== undefined) refuse('--ports requires all: a single venue takes --port');
  return [
    Object.freeze({
      venue: what,
      ...place,
      port: portIn(values.port ?? '0'),
      data: folder,
      keys: keys[what] ?? [],
    }),
  ];
}

/** Ports for every venue: free ports, or consecutive ports from the given first port. */
function consecutivePorts(first = '0'): ReadonlyMap<string, number> {
  const from = portIn(first);
  return new Map(
    NAMES.map((venue, index) => [venue, from === 0 ? 0 : portIn(String(from + index))]),
  );
}

/** Ports for only the listed venues and further accounts: `gateio=4010,gateio-treasury=4011`. */
function namedPorts(given: string): ReadonlyMap<string, number> {
  const ports = new Map<string, number>();
  for (const pair of given.split(',')) {
    const [account = '', port = ''] = pair.split('=', 2);
    checkVenue(venueOf(account));
    if (ports.has(account)) refuse(`${account} has two ports`);
    ports.set(account, portIn(port));
  }
  return ports;
}

function venueOf(account: string): string {
  return account.replace(/-[a-z0-9]{1,16}$/, '');
}

function portIn(text: string): number {
  if (!/^[0-9]{1,5}$/.test(text) || Number(text) > 65_535)
    refuse(`"${text}" is not a port: 0 (any free port) to 65535`);
  return Number(text);
}

/** A file of keys by venue: `{"gateio": [{"name": "mine", …}]}`. */
function readKeys(file: string): Readonly<Record<string, readonly unknown[]>> {
  let keys: unknown;
  try {
    keys = JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    return refuse(`--keys ${file}: ${(error as Error).message}`);
  }
  const fault = checkKeys(keys, `--keys ${file}`);
  return fault === null ? (keys as Record<string, readonly unknown[]>) : refuse(fault);
}

function parseCommand(args: readonly string[]) {
  const text = { type: 'string' } as const;
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        port: text,
        ports: text,
        host: text,
        data: text,
        keys: text,
        tls: { type: 'boolean' },
      },
    });
  } catch (error) {
    return refuse((error as Error).message);
  }
}

function checkVenue(venue: string): void {
  if (!NAMES.includes(venue))
    refuse(venue === '' ? 'which venue?' : `there is no venue "${venue}"`);
}

function refuse(fault: string): never {
  throw new CannotStart(`${fault}${USAGE}`);
}
