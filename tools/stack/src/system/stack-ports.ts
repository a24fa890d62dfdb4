import { freePort } from '../free-port.js';
import { readJsonFile, writeJsonFile } from '../json-file.js';

const NAMES = ['postgres', 'kafka', 'kafkaController', 'intake-api', 'intakeInternal', 'ledger', 'connector-gateio', 'venue-simulator'] as const;

export type StackPorts = Readonly<Record<(typeof NAMES)[number], number>>;

/** The ports of the last start, as far as they are still free: what a person noted down keeps working. */
export async function loadPorts(file: string): Promise<StackPorts> {
  const last = readJsonFile<Partial<StackPorts>>(file) ?? {};
  const ports = new Map<string, number>();
  for (const name of NAMES) ports.set(name, await freePort(last[name], new Set(ports.values())));
  const chosen = Object.fromEntries(ports) as StackPorts;
  writeJsonFile(file, chosen);
  return chosen;
}
