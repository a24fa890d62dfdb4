import { chmodSync, mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { freePort, readJsonFile, writeJsonFile } from '@sluice/test-servers';
import { CHAIN_NAMES, type ChainName } from '../tables/local-chains.js';
import {
  PUBLIC_NAMES,
  SERVICE_NAMES,
  type PublicName,
  type ServiceName,
} from '../tables/services.js';
import { SIMULATED_NAMES, type SimulatedName } from '../tables/venues.js';

/** Paths inside a data folder. */
export interface Layout {
  readonly home: string;
  readonly logs: string;
  readonly postgres: string;
  readonly kafka: string;
  /** Folders of the second and third broker, if used. */
  readonly otherKafkas: readonly [string, string];
  /** State of the wallet's chains. */
  readonly chains: string;
  chainStateOf(network: string): string;
  /** File with the chain settings of a service using the chains or signing for them. */
  chainsFor(service: string): string;
  /** The private keys of the wallet, sealed: the signer's. */
  readonly walletKeys: string;
  /** A folder for each venue's book. */
  readonly simulators: string;
  readonly secrets: string;
  /** File with the message keys of a service, separate for each service. */
  messageKeysOf(service: string): string;
  /** Key of the local issuer, and the passwords of the local people. */
  readonly issuer: string;
  /** Certificates of a stack with TLS. */
  readonly tls: string;
  readonly ports: string;
  readonly lock: string;
  readonly processes: string;
  readonly run: string;
  /** The keys of a service's audit log. */
  auditKeysOf(service: string): string;
  logOf(process: string): string;
}

export function layoutOf(folder: string): Layout {
  const home = resolve(folder);
  const at = (name: string): string => join(home, name);
  return {
    home,
    logs: at('logs'),
    postgres: at('postgres'),
    kafka: at('kafka'),
    otherKafkas: [at('kafka-2'), at('kafka-3')],
    chains: at('chains'),
    chainStateOf: (network) => join(home, 'chains', `${network}.json`),
    chainsFor: (service) => join(home, 'keys', `${service}.chains`),
    walletKeys: join(home, 'keys', 'wallet.sealed'),
    simulators: at('simulators'),
    secrets: at('secrets.json'),
    issuer: at('issuer.json'),
    tls: at('tls'),
    ports: at('ports.json'),
    lock: at('lock.json'),
    processes: at('processes.json'),
    run: at('run.json'),
    messageKeysOf: (service) => join(home, 'keys', `${service}.json`),
    auditKeysOf: (service) => join(home, 'keys', `${service}.audit`),
    logOf: (process) => join(home, 'logs', `${process}.log`),
  };
}

/**
 * Creates folders readable only by the owner, because logs, segments and books contain payment
 * data. PostgreSQL protects the database folder, as another user if run by root.
 */
export function keepPrivate({ logs, kafka, simulators, chains }: Layout): void {
  for (const folder of [logs, kafka, simulators, chains]) {
    mkdirSync(folder, { recursive: true });
    chmodSync(folder, 0o700);
  }
}

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
