import { CHAIN_NAMES, type ChainName } from '../tables/local-chains.js';
import { freePort, readJsonFile, writeJsonFile } from '@sluice/test-servers';
import {
  PUBLIC_NAMES,
  SERVICE_NAMES,
  type PublicName,
  type ServiceName,
} from '../tables/services.js';
import { SIMULATED_NAMES, type SimulatedName } from '../tables/venues.js';

const OF_SERVERS = [
  ...(['postgres', 'kafka', 'kafkaController', 'issuer'] as const),
  ...(['kafka-2', 'kafkaController-2', 'kafka-3', 'kafkaController-3'] as const),
] as const;

type PortName =
  | (typeof OF_SERVERS)[number]
  | ChainName
  | ServiceName
  | `${PublicName}-admin`
  | `simulator-${SimulatedName}`;
export type StackPorts = Readonly<Record<PortName, number>>;

export const PORT_NAMES: readonly PortName[] = [
  ...OF_SERVERS,
  ...CHAIN_NAMES,
  ...SERVICE_NAMES,
  ...PUBLIC_NAMES.map((name) => `${name}-admin` as const),
  ...SIMULATED_NAMES.map((venue) => `simulator-${venue}` as const),
];

/** Returns the port of a service's admin API. */
export function adminPortOf(ports: StackPorts, name: ServiceName): number {
  const publicName = PUBLIC_NAMES.find((one) => one === name);
  return ports[publicName ? (`${publicName}-admin` as const) : name];
}

/** Returns the ports of the last start if still free, to keep addresses noted by the user valid. */
export async function loadPorts(file: string): Promise<StackPorts> {
  const last = readJsonFile<Partial<StackPorts>>(file) ?? {};
  const ports = new Map<string, number>();
  for (const name of PORT_NAMES)
    ports.set(name, await freePort(last[name], new Set(ports.values())));
  const chosen = Object.fromEntries(ports) as StackPorts;
  writeJsonFile(file, chosen);
  return chosen;
}

/**
 * Returns the same ports with new ports for every service, for an additional instance of each
 * service.
 */
export async function portsOfAnother(ports: StackPorts): Promise<StackPorts> {
  const own = new Map<string, number>();
  const taken = new Set<number>(Object.values(ports));
  const names = [...SERVICE_NAMES, ...PUBLIC_NAMES.map((name) => `${name}-admin` as const)];
  for (const name of names) {
    own.set(name, await freePort(undefined, taken));
    taken.add(own.get(name) ?? 0);
  }
  return { ...ports, ...Object.fromEntries(own) };
}
