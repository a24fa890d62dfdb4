import { rmSync } from 'node:fs';
import { readJsonFile, writeJsonFile } from '@sluice/test-servers';
import type { DatabaseUrls } from '../config.js';
import {
  connectorOf,
  VENUE_NAMES,
  type ConnectorName,
  type OfVenues,
  type VenueName,
} from '../venues.js';

export type ServiceName = 'intake-api' | 'ledger' | ConnectorName | 'venue-simulator';
export type ProcessName = ServiceName | 'kafka' | 'postgres';
export const PROCESS_NAMES: readonly ProcessName[] = [
  'intake-api',
  'ledger',
  ...VENUE_NAMES.map(connectorOf),
  'venue-simulator',
  'kafka',
  'postgres',
];

/** The name of a connector's admin API in `run.json`. */
export type ConnectorEndpoint = `connector_${VenueName}`;

/** Base URLs of the services' admin APIs, never on a public port, and the bearer token that they all ask for. */
export type AdminEndpoints = {
  readonly token: string;
  readonly intake_api: string;
  readonly ledger: string;
} & OfVenues<ConnectorEndpoint, string>;

export interface DemoAccount {
  readonly account_id: string;
  readonly key_id: string;
  readonly secret: string;
}

/** `.sluice/run.json`: where everything is, for the tools; it exists for as long as the system runs. */
export interface RunFile {
  readonly intake_url: string;
  readonly kafka_brokers: readonly string[];
  readonly databases: DatabaseUrls;
  readonly simulators: OfVenues<VenueName, string>;
  /** Only what was started here; a process between two lives is left out. */
  readonly processes: Readonly<Partial<Record<ProcessName, number>>>;
  readonly demo?: DemoAccount;
  readonly internal: AdminEndpoints;
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
