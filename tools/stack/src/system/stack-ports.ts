import { freePort, readJsonFile, writeJsonFile } from '@sluice/test-servers';
import { connectorOf, VENUE_NAMES, type ConnectorName, type VenueName } from '../venues.js';

const OF_SERVERS = [
  'postgres',
  'kafka',
  'kafkaController',
  'intake-api',
  'intakeInternal',
  'ledger',
] as const;

type PortName = (typeof OF_SERVERS)[number] | ConnectorName | `simulator-${VenueName}`;
export type StackPorts = Readonly<Record<PortName, number>>;

export const PORT_NAMES: readonly PortName[] = [
  ...OF_SERVERS,
  ...VENUE_NAMES.map(connectorOf),
  ...VENUE_NAMES.map((venue) => `simulator-${venue}` as const),
];

/** The ports of the last start, as far as they are still free: what a person noted down keeps working. */
export async function loadPorts(file: string): Promise<StackPorts> {
  const last = readJsonFile<Partial<StackPorts>>(file) ?? {};
  const ports = new Map<string, number>();
  for (const name of PORT_NAMES)
    ports.set(name, await freePort(last[name], new Set(ports.values())));
  const chosen = Object.fromEntries(ports) as StackPorts;
  writeJsonFile(file, chosen);
  return chosen;
}
