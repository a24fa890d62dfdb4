import { rmSync } from 'node:fs';
import {
  KAFKA_NODES,
  kafkaName,
  readJsonFile,
  writeJsonFile,
  type KafkaLogin,
} from '@sluice/test-servers';
import { CHAIN_NAMES, type ChainName, type ChainNetwork } from '../chains/local-chains.js';
import { SERVICE_NAMES, type AlwaysName, type OfServices, type ServiceName } from '../services.js';
import type { FirstVenue, SimulatedName } from '../venues.js';

/** A program of our own: a service, or what stands for all venues. */
export type ProgramName = ServiceName | 'venue-simulator';
export type ProcessName = ProgramName | ChainName | BrokerName | 'postgres';

export const BROKER_NAMES = KAFKA_NODES.map((node) => kafkaName(node));
type BrokerName = (typeof BROKER_NAMES)[number];
export const PROCESS_NAMES: readonly ProcessName[] = [
  ...SERVICE_NAMES,
  'venue-simulator',
  ...CHAIN_NAMES,
  ...BROKER_NAMES,
  'postgres',
];

/** The name of a service's admin API in `run.json`. */
export type EndpointName<Name extends string = ServiceName> =
  Name extends `${infer Head}-${infer Tail}` ? EndpointName<`${Head}_${Tail}`> : Name;

/** Base URLs of the services' admin APIs, never on a public port. */
export type AdminEndpoints = Readonly<Record<EndpointName<AlwaysName>, string>> &
  Readonly<Partial<Record<EndpointName, string>>>;

/** Where people get tokens, and with which password each: this machine's own people, who exist nowhere else. */
export interface LocalPeople {
  readonly token_url: string;
  readonly people: Readonly<Record<string, string>>;
}

/** A chain of this machine's own, and who pays on it. */
export interface RunningChain {
  readonly rpc_url: string;
  readonly chain_id: number;
  /** The contract of each token, by its currency. */
  readonly tokens: Readonly<Record<string, string>>;
  readonly hot_wallets: readonly string[];
  readonly tank: string;
}

export interface DemoAccount {
  readonly account_id: string;
  readonly key_id: string;
  readonly secret: string;
}

/** `.sluice/run.json`: where everything is, for the tools; it exists for as long as the system runs. */
export interface RunFile {
  readonly intake_url: string;
  /** The admin API of what sends webhooks, as under `internal`. */
  readonly webhooks_url: string;
  readonly kafka_brokers: readonly string[];
  /** Of whoever reads along, and of who may do everything; each as kafkajs takes it for `sasl`. Absent where Kafka asks for none. */
  readonly kafka_logins?: Readonly<Record<'admin' | 'downstream', KafkaLogin>>;
  /** Path of the PEM of the authority behind every certificate here; absent where everything speaks plainly. */
  readonly ca_file?: string;
  readonly databases: OfServices<string>;
  readonly simulators: Readonly<Record<FirstVenue, string>> &
    Readonly<Partial<Record<SimulatedName, string>>>;
  /** Of the chains that the wallet pays on; absent where it does not run. */
  readonly chains?: Readonly<Record<ChainNetwork, RunningChain>>;
  /** Only what was started here; a process between two lives is left out. */
  readonly processes: Readonly<Partial<Record<ProcessName, number>>>;
  readonly demo?: DemoAccount;
  readonly internal: AdminEndpoints;
  readonly issuer: LocalPeople;
}

export function endpointOf(name: ServiceName): EndpointName {
  return name.replaceAll('-', '_') as EndpointName;
}

export function readRunFile(file: string): RunFile | undefined {
  return readJsonFile(file);
}

export function writeRunFile(file: string, run: RunFile): void {
  writeJsonFile(file, run);
}

export function removeRunFile(file: string): void {
  rmSync(file, { force: true });
}
