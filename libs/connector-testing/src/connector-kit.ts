import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Type } from '@nestjs/common';
import type { ConnectorConfig, RateRules } from '@sluice/connector-engine';
import type { DatabaseSchema } from '@sluice/postgres';
import type { ServiceConfig } from '@sluice/service-shell';
import { PermitKeys } from '@sluice/signing';
import { SimulatorControl } from '@sluice/test-kit';

export interface ConnectorKit<Config extends ConnectorConfig> {
  /** Venue name used by the simulator, topics and folders. */
  readonly venue: string;
  readonly module: Type;
  /** Folder of the venue's invariants. */
  readonly invariants: URL;
  /** Schema of a venue with tables beside the engine's tables. */
  readonly schema?: DatabaseSchema;
  /** Simulator of the venue (default: the venue simulator). */
  simulator?(): Promise<RunningSimulator>;
  /** Settings in front of the simulator, from the response of `GET /_sim/credentials`. */
  config(
    credentials: Readonly<Record<string, unknown>>,
  ): Omit<Config, keyof ServiceConfig | 'venueAccount'>;
}

export const ABSENCE_AFTER_MS = 1_200;
/** Duration of each status of a payment at the simulator. */
export const QUICK_STATUS_MS = 40;

/** Times short enough for tests: a submit gives up before a hang of the simulator ends. */
export const QUICK_CONNECTOR = {
  // these tests run no auditor
  auditorPermits: 'advisory',
  auditorPublicKeys: new PermitKeys([]),
  startHalted: null,
  pollIntervalMs: 100,
  recordIntervalMs: 200,
  returnIntervalMs: 500,
  submitTimeoutMs: 400,
  absenceAfterMs: ABSENCE_AFTER_MS,
  ceilings: {},
  haltMs: 1_000,
  refusalLookupAfterMs: 1_200,
  fastFailoverExposureEur: 10_000,
  feeChangeMaxEur: 20,
  venueHaltFromEur: 1_000,
  notListedAfterMs: 600_000,
  /** Shorter than the simulator accepts: a request delayed by a test must not arrive afterwards. */
  honouredForMs: 300,
} as const;

/** Returns the same endpoints with limits above the traffic of any test. */
export function widePlan(rules: RateRules): RateRules {
  return Object.fromEntries(
    Object.keys(rules).map((endpoint) => [endpoint, { limit: 10_000, perMs: 1_000 }]),
  );
}

export interface RunningSimulator {
  readonly control: SimulatorControl;
  stop(): Promise<void>;
}

const MAIN = join(
  import.meta.dirname,
  '..',
  '..',
  '..',
  'apps',
  'venue-simulator',
  'dist',
  'main.js',
);

/** Starts the real simulator in a process of its own. Throws if it is not built or lacks the venue. */
export async function startSimulator(venue: string): Promise<RunningSimulator> {
  if (!existsSync(MAIN))
    throw new Error('the simulator is not built: nx run venue-simulator:build');
  const data = mkdtempSync(join(tmpdir(), `sluice-${venue}-`));
  const child = spawn(process.execPath, [MAIN, venue, '--port', '0', '--data', data], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()));
  let complaint = '';
  child.stderr.on('data', (chunk: Buffer) => (complaint += chunk.toString()));
  const stop = async (): Promise<void> => {
    child.kill('SIGKILL');
    await ended;
    rmSync(data, { recursive: true, force: true });
  };
  const url = await new Promise<string | null>((resolve) => {
    child.stdout.on('data', (chunk: Buffer) => {
      const found = /on (http:\S+)/.exec(chunk.toString());
      if (found?.[1]) resolve(found[1]);
    });
    void ended.then(() => resolve(null));
  });
  if (url !== null) return { control: new SimulatorControl(url), stop };
  await stop();
  throw new Error(
    `the simulator of ${venue} is missing or has ended at once; fill in apps/venue-simulator/src/${venue}: ${reasonIn(complaint)}`,
  );
}

function reasonIn(complaint: string): string {
  return /^\w*Error: .*$/m.exec(complaint)?.[0] ?? complaint.trim();
}
