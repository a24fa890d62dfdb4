import { chmodSync, mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';

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
