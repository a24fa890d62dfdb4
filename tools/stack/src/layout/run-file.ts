import { readFileSync, rmSync } from 'node:fs';
import {
  KAFKA_NODES,
  kafkaName,
  readJsonFile,
  writeJsonFile,
  type KafkaLogin,
  type KafkaAccess,
} from '@sluice/test-servers';
import { CHAIN_NAMES, type ChainName, type ChainNetwork } from '../tables/local-chains.js';
import {
  SERVICE_NAMES,
  type AlwaysName,
  type OfServices,
  type ServiceName,
} from '../tables/services.js';
import type { FirstVenue, SimulatedName } from '../tables/venues.js';

/** Own program: a service, or the simulator of all venues. */
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
type EndpointName<Name extends string = ServiceName> = Name extends `${infer Head}-${infer Tail}`
  ? EndpointName<`${Head}_${Tail}`>
  : Name;

/** Base URLs of the services' admin APIs, never on a public port. */
export type AdminEndpoints = Readonly<Record<EndpointName<AlwaysName>, string>> &
  Readonly<Partial<Record<EndpointName, string>>>;

/** Token endpoint and passwords of the local people, valid only on this machine. */
export interface LocalPeople {
  readonly token_url: string;
  readonly people: Readonly<Record<string, string>>;
}

/** A local chain, with the paying addresses. */
export interface RunningChain {
  readonly rpc_url: string;
  readonly chain_id: number;
  /** Contract address of each token, by currency. */
  readonly tokens: Readonly<Record<string, string>>;
  readonly hot_wallets: readonly string[];
  readonly tank: string;
}

export interface DemoAccount {
  readonly account_id: string;
  readonly key_id: string;
  readonly secret: string;
  /** Key under the spending policy of the tour; absent in files of an earlier version. */
  readonly policy_key?: { readonly key_id: string; readonly secret: string };
}

/**
 * `.sluice/run.json`: addresses of the running system, for the tools. The file exists while the
 * system runs.
 */
export interface RunFile {
  readonly intake_url: string;
  /** Admin API of the webhooks service, as under `internal`. */
  readonly webhooks_url: string;
  /** The operators' page; absent if the start did not ask for it. */
  readonly console_url?: string;
  readonly kafka_brokers: readonly string[];
  /**
   * Logins of the admin and of downstream readers, in the format of kafkajs `sasl`. Absent if Kafka
   * requires no login.
   */
  readonly kafka_logins?: Readonly<Record<'admin' | 'downstream', KafkaLogin>>;
  /** Path of the CA certificate (PEM) of the stack; absent without TLS. */
  readonly ca_file?: string;
  readonly databases: OfServices<string>;
  readonly simulators: Readonly<Record<FirstVenue, string>> &
    Readonly<Partial<Record<SimulatedName, string>>>;
  /** Chains of the wallet; absent if the wallet does not run. */
  readonly chains?: Readonly<Record<ChainNetwork, RunningChain>>;
  /** Pids of the processes started by this system; a process between two lives is omitted. */
  readonly processes: Readonly<Partial<Record<ProcessName, number>>>;
  readonly demo?: DemoAccount;
  readonly internal: AdminEndpoints;
  readonly issuer: LocalPeople;
}

export function endpointOf(name: ServiceName): EndpointName {
  return name.replaceAll('-', '_') as EndpointName;
}

/** Access to Kafka as the admin. */
export function kafkaAccessOf({ kafka_brokers, kafka_logins, ca_file }: RunFile): KafkaAccess {
  return {
    brokers: kafka_brokers,
    login: kafka_logins?.admin,
    ...(ca_file !== undefined && { ca: readFileSync(ca_file, 'utf8') }),
  };
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
