import { chmodSync, mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';

/** Where everything lies inside one data folder. */
export interface Layout {
  readonly home: string;
  readonly logs: string;
  readonly postgres: string;
  readonly kafka: string;
  /** Of the second and the third broker, where there are three. */
  readonly otherKafkas: readonly [string, string];
  /** What the wallet's chains are at. */
  readonly chains: string;
  chainStateOf(network: string): string;
  /** Which chains there are, for one of the services that speak to them or sign for them. */
  chainsFor(service: string): string;
  /** The private keys of the wallet, sealed: the signer's. */
  readonly walletKeys: string;
  /** A folder for each venue's book. */
  readonly simulators: string;
  readonly secrets: string;
  /** What each service shares with others: a file for each, which nobody else gets. */
  messageKeysOf(service: string): string;
  /** The local issuer's key, and the passwords of its people. */
  readonly issuer: string;
  /** The certificates of a stack that speaks TLS. */
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

/** Nobody else on the machine reads in logs, segments and books who is paid. PostgreSQL sees to its own folder, as another user under root. */
export function keepPrivate({ logs, kafka, simulators, chains }: Layout): void {
  for (const folder of [logs, kafka, simulators, chains]) {
    mkdirSync(folder, { recursive: true });
    chmodSync(folder, 0o700);
  }
}
