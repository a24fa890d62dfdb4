import { rmSync } from 'node:fs';
import {
  APPROVER,
  type BankAccount,
  bankAccountIn,
  bankVenue,
  DEMO_PERSON,
  type Random,
} from '@sluice/stack';
import { newDataFolder } from '@sluice/test-servers';
import type { FaultContext } from '../faults/system-wide-faults.js';
import { Load } from '../load/load.js';
import { booksOf } from '../judge/gather.js';
import { SimulatedOperator } from '../operator/simulated-operator.js';
import { AdminClients } from '../system/admin-clients.js';
import type { SystemOptions } from '../system/environments.js';
import { SystemUnderTest } from '../system/system-under-test.js';

export interface RunOptions {
  readonly random: Random;
  readonly code: string;
  readonly disks: boolean;
  readonly keep: boolean;
  readonly say: (line: string) => void;
  readonly ended: AbortSignal;
  /**
   * Called when an orderly shutdown is possible from now on. Before the call, a stop signal ends
   * the process and the guard cleans up.
   */
  readonly onUp: () => void;
  /** Runs our own wallet, the signer and the chains as well. */
  readonly wallet?: boolean;
  /** Deviations from the default system, given the data folder. */
  readonly system?: (
    folder: string,
  ) => Pick<SystemOptions, 'instances' | 'brokers' | 'postgresSettings' | 'permits'>;
}

/** Context of a run. */
export interface RunContext extends FaultContext {
  readonly admin: AdminClients;
  /** The second person. */
  readonly colleague: AdminClients;
  readonly operator: SimulatedOperator;
  readonly folder: string;
}

/** Starts the system in a separate folder, runs the work, and cleans up on every outcome. */
export async function withSystem<T>(
  options: RunOptions,
  run: (context: RunContext) => Promise<T>,
): Promise<T> {
  const folder = newDataFolder('sluice-nemesis-');
  let system: SystemUnderTest | undefined;
  let load: Load | undefined;
  const duty = new AbortController();
  try {
    system = await SystemUnderTest.up({
      folder,
      code: options.code,
      random: options.random,
      disks: options.disks,
      keep: options.keep,
      say: options.say,
      ...(options.wallet !== undefined && { wallet: options.wallet }),
      ...options.system?.(folder),
    });
    options.onUp();
    const { issuer, ports, scope } = system;
    const [admin, colleague] = [DEMO_PERSON, APPROVER].map(
      (person) => new AdminClients(ports, () => issuer.tokenOf(person), scope),
    ) as [AdminClients, AdminClients];
    const { instances } = system;
    const operator = new SimulatedOperator(
      admin,
      colleague,
      booksOf(system),
      (name) => instances.get(name)?.kill() ?? false,
    );
    load = await Load.prepare({
      random: options.random.of('load'),
      people: { intake: admin.intake, approver: colleague },
      ...(options.wallet !== undefined && { wallet: options.wallet }),
      urls: publicUrls(system),
      say: options.say,
      bankAccount: await bankAccountOf(system),
    });
    const working = operator.work(duty.signal);
    try {
      const result = await run({
        system,
        load,
        admin,
        colleague,
        operator,
        folder,
        random: options.random,
        ended: options.ended,
        note: options.say,
        backups: new Map(),
      });
      options.ended.throwIfAborted();
      return result;
    } finally {
      duty.abort();
      await working;
    }
  } finally {
    await load?.stop();
    await system?.stop();
    if (options.keep) options.say(`everything is kept in ${folder}`);
    else rmSync(folder, { recursive: true, force: true });
  }
}

function publicUrls({ ports, instances }: SystemUnderTest): readonly string[] {
  const numbers = ([1, 2] as const).filter((number) => instances.has(`intake-api.${number}`));
  return numbers.map((number) => `http://127.0.0.1:${ports[number]['intake-api']}`);
}

/** The bank account known to the simulator of the venue that pays to bank accounts. */
export async function bankAccountOf(system: SystemUnderTest): Promise<BankAccount> {
  const venue = bankVenue();
  return bankAccountIn(venue, await system.book(venue).credentials());
}
