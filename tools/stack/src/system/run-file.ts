import { rmSync } from 'node:fs';
import type { DatabaseUrls } from '../config.js';
import { readJsonFile, writeJsonFile } from '../json-file.js';

export const PROCESS_NAMES = ['intake-api', 'ledger', 'connector-gateio', 'venue-simulator', 'kafka', 'postgres'] as const;
export type ProcessName = (typeof PROCESS_NAMES)[number];
export type ServiceName = Exclude<ProcessName, 'kafka' | 'postgres'>;

/** The operators' doors: never on a public port, opened by one bearer token. */
export interface InternalDoors {
  readonly token: string;
  readonly intake_api: string;
  readonly ledger: string;
  readonly connector_gateio: string;
}

export interface DemoAccount {
  readonly account_id: string;
  readonly key_id: string;
  readonly secret: string;
}

/** `.sluice/run.json`: tells tools where everything is, for as long as it runs. */
export interface RunFile {
  readonly intake_url: string;
  readonly kafka_brokers: readonly string[];
  readonly databases: DatabaseUrls;
  readonly simulators: { readonly gateio: string };
  /** Only what was started here; a process between two lives is left out. */
  readonly processes: Readonly<Partial<Record<ProcessName, number>>>;
  readonly demo?: DemoAccount;
  readonly internal: InternalDoors;
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
