import { spawn } from 'node:child_process';
import type { SimulatorControl } from '@sluice/test-kit';
import type { SimulatedName } from '@sluice/stack';
import type { InstallCommand } from './installations.js';

/** Address accepted by every simulator without further setup. */
const ADDRESS = '0x99CED129603abc771C0dabE935c326Ff6C86645d';
const LONGEST_MS = 60_000;

interface ClientOutcome {
  /** Result of the read call. */
  readonly read: unknown;
  /** The venue's id of the withdrawal. */
  readonly id: unknown;
}

/**
 * Runs a program against the simulator of a venue. Returns null if the client read, and withdrew
 * the one payment in the book; otherwise the reason.
 */
export async function runClient(
  { program, args }: InstallCommand,
  venue: SimulatedName,
  simulator: SimulatorControl,
): Promise<string | null> {
  await simulator.reset();
  const credentials = await simulator.credentials();
  const { code, out, errors } = await outputOf(program, args, {
    SIMULATOR: JSON.stringify(credentials),
    ADDRESS,
  });
  if (code !== 0) return errors.trim().split('\n').slice(-4).join('\n') || `ended with ${code}`;
  const outcome = readOutcome(out);
  if (outcome === null) return `printed no JSON: ${out.slice(0, 200)}`;
  if (outcome.read === undefined || outcome.read === null || outcome.read === '')
    return 'read nothing';
  const payments = await simulator.payments();
  return payments.length === 1 && payments[0]?.id === String(outcome.id)
    ? null
    : `${venue} has accepted ${JSON.stringify(payments.map(({ id }) => id))}, the client reports ${JSON.stringify(outcome.id)}`;
}

function readOutcome(out: string): ClientOutcome | null {
  try {
    return JSON.parse(out.trim().split('\n').at(-1) ?? '') as ClientOutcome;
  } catch {
    return null; // reported with the program's output
  }
}

function outputOf(
  program: string,
  args: readonly string[],
  env: Readonly<Record<string, string>>,
): Promise<{ code: number | null; out: string; errors: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, {
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout: LONGEST_MS,
      killSignal: 'SIGKILL',
    });
    let [out, errors] = ['', ''];
    child.stdout.on('data', (text: Buffer) => (out += text.toString()));
    child.stderr.on('data', (text: Buffer) => (errors += text.toString()));
    child.once('error', reject);
    child.once('close', (code) => resolve({ code, out, errors }));
  });
}
