import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { layoutOf, loadSecrets, SIMULATED_NAMES } from '@sluice/stack';
import type { TestSystem } from './given-system.js';

const SHORTEST = 8;

/**
 * Searched logs, number of secrets, and the secrets of the run, customers or venues found in logs,
 * by name and file.
 */
interface SecretSearch {
  readonly logs: readonly string[];
  readonly secrets: number;
  readonly found: readonly string[];
}

export async function searchSecretsInLogs(sluice: TestSystem): Promise<SecretSearch> {
  const layout = layoutOf(sluice.system.home);
  const { serviceKeys } = loadSecrets(layout.secrets);
  const keys = Object.values(serviceKeys).map((key) => (JSON.parse(key) as { d: string }).d);
  const secrets = [
    ...textsIn(JSON.parse(readFileSync(layout.secrets, 'utf8')), 'run'),
    ...textsIn(JSON.parse(readFileSync(layout.issuer, 'utf8')), 'issuer'),
    ...textsIn(keys, 'service key'),
    ...sluice.customers.flatMap(({ api: { key } }) =>
      typeof key.secret === 'string' ? [['customer', key.secret]] : [],
    ),
  ];
  for (const venue of SIMULATED_NAMES) {
    const { api_secret, memo, client_secret, private_key } = await sluice
      .venueNamed(venue)
      .credentials();
    secrets.push(...textsIn({ api_secret, memo, client_secret, private_key }, venue));
  }
  const lines = secrets.flatMap(([name = '', secret = '']) =>
    secret.split('\n').map((line) => [name, line] as const),
  ); // a PEM is logged line by line
  const sought = lines.filter(([, line]) => line.length >= SHORTEST && !line.startsWith('-----'));
  const files = readdirSync(layout.logs).map((file) => join(layout.logs, file));
  const found = files.flatMap((file) => {
    const text = readFileSync(file, 'utf8');
    return sought
      .filter(([, line]) => text.includes(line))
      .map(([name]) => `${name} in ${basename(file)}`);
  });
  return { logs: files.map((file) => basename(file, '.log')), secrets: sought.length, found };
}

/** Returns every text of a document with the path. */
function textsIn(value: unknown, name: string): string[][] {
  if (typeof value === 'string') return [[name, value]];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => textsIn(inner, `${name}.${key}`));
}
