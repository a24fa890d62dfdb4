import { join, resolve } from 'node:path';

/** Where everything lies inside one data folder. */
export interface Layout {
  readonly home: string;
  readonly logs: string;
  readonly postgres: string;
  readonly kafka: string;
  /** A folder for each venue's book. */
  readonly simulators: string;
  readonly secrets: string;
  /** What each service shares with others: a file for each, which nobody else gets. */
  messageKeysOf(service: string): string;
  /** The local issuer's key, and the passwords of its people. */
  readonly issuer: string;
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
    simulators: at('simulators'),
    secrets: at('secrets.json'),
    issuer: at('issuer.json'),
    ports: at('ports.json'),
    lock: at('lock.json'),
    processes: at('processes.json'),
    run: at('run.json'),
    messageKeysOf: (service) => join(home, 'keys', `${service}.json`),
    auditKeysOf: (service) => join(home, 'keys', `${service}.audit`),
    logOf: (process) => join(home, 'logs', `${process}.log`),
  };
}
