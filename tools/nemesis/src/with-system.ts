import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { APPROVER, DEMO_PERSON } from '@sluice/stack';
import type { FaultContext } from './faults/fault-context.js';
import { Load, type LoadOptions } from './load/load.js';
import type { BankAccount } from './load/orders.js';
import { SimulatedOperator } from './operator/simulated-operator.js';
import type { Random } from './random.js';
import { AdminClients } from './system/admin-clients.js';
import { textOf } from './system/json.js';
import { SystemUnderTest } from './system/system-under-test.js';

export interface RunOptions {
  readonly random: Random;
  readonly code: string;
  readonly disks: boolean;
  readonly keep: boolean;
  readonly say: (line: string) => void;
  readonly ended: AbortSignal;
  /** From now on there is an orderly way down; until then whoever stops us ends the process, and the guard cleans up. */
  readonly onUp: () => void;
  readonly load?: Pick<LoadOptions, 'forms' | 'plain'>;
}

/** Everything that a run works with. */
export interface RunContext extends FaultContext {
  readonly admin: AdminClients;
  readonly operator: SimulatedOperator;
  readonly folder: string;
}

/** Starts everything in a folder of its own, does the work, and leaves nothing behind, whatever happens. */
export async function withSystem<T>(
  options: RunOptions,
  run: (context: RunContext) => Promise<T>,
): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-nemesis-'));
  chmodSync(folder, 0o711); // PostgreSQL may run as another user and has to walk through
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
    });
    options.onUp();
    const { issuer, ports, books } = system;
    const [admin, colleague] = [DEMO_PERSON, APPROVER].map(
      (person) => new AdminClients(ports, () => issuer.tokenOf(person)),
    ) as [AdminClients, AdminClients];
    const operator = new SimulatedOperator(admin, colleague, books);
    load = await Load.prepare({
      random: options.random.of('load'),
      intake: admin.firstIntake(),
      urls: publicUrls(system),
      say: options.say,
      bankAccount: await bankAccountOf(system),
      ...options.load,
    });
    const working = operator.work(duty.signal);
    try {
      const result = await run({
        system,
        load,
        admin,
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

function publicUrls({ ports }: SystemUnderTest): readonly string[] {
  return [1, 2].map((number) => `http://127.0.0.1:${ports[number as 1 | 2]['intake-api']}`);
}

export async function bankAccountOf(system: SystemUnderTest): Promise<BankAccount> {
  const { user_id, account_group_id, reference_account_id } = await system
    .book('upvest')
    .credentials();
  return {
    user_id: textOf(user_id),
    account_group_id: textOf(account_group_id),
    reference_account_id: textOf(reference_account_id),
  };
}
