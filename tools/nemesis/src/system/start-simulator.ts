import { join } from 'node:path';
import { SIMULATED_NAMES, type StackPorts } from '@sluice/stack';
import {
  superviseProcess,
  type ProcessGuard,
  type SupervisedProcess,
  type SupervisorEvents,
} from '@sluice/test-servers';
import { SimulatorBook } from './simulators.js';

interface SimulatorPlace {
  readonly folder: string;
  readonly logFile: string;
  /** Checkout with the built simulator to run. */
  readonly code: string;
  readonly ports: StackPorts;
  readonly guard: ProcessGuard;
  readonly events: SupervisorEvents;
}

/** Starts all simulated venues in a single process. */
export async function startSimulator({
  folder,
  logFile,
  code,
  ports,
  guard,
  events,
}: SimulatorPlace): Promise<SupervisedProcess> {
  const named = SIMULATED_NAMES.map((venue) => `${venue}=${ports[`simulator-${venue}`]}`).join(',');
  const books = SIMULATED_NAMES.map(
    (venue) => new SimulatorBook(`http://127.0.0.1:${ports[`simulator-${venue}`]}`),
  );
  const program = join(code, 'apps/venue-simulator/dist/main.js');
  return superviseProcess({
    name: 'venue-simulator',
    command: () => ({
      command: process.execPath,
      args: [program, 'all', '--ports', named, '--data', join(folder, 'simulators')],
      env: { HOST: '127.0.0.1', NODE_ENV: 'development', LOG_LEVEL: 'warn' },
      cwd: code,
    }),
    logFile,
    ready: async () => void (await Promise.all(books.map((book) => book.credentials()))),
    readyTimeoutMs: 120_000,
    restart: true,
    guard,
    events,
  });
}
