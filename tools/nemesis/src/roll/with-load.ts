import { rmSync } from 'node:fs';
import { adminPortOf, APPROVER, DEMO_PERSON } from '@sluice/stack';
import { newDataFolder } from '@sluice/test-servers';
import type { Random } from '../system/random.js';
import { AdminClients } from '../system/admin-clients.js';
import { SystemUnderTest } from '../system/system-under-test.js';
import { bankAccountOf } from '../run/with-system.js';
import { Balancer } from './balancer.js';
import { SteadyLoad } from './steady-load.js';

export interface RollContext {
  readonly system: SystemUnderTest;
  readonly admin: AdminClients;
  readonly load: SteadyLoad;
  readonly say: (line: string) => void;
  readonly ended: AbortSignal;
}

export interface RollSetup {
  /** Checkout of the services running at first. */
  readonly code: string;
  readonly random: Random;
  readonly keep: boolean;
  readonly say: (line: string) => void;
  readonly ended: AbortSignal;
  readonly onUp: () => void;
}

/**
 * Starts two instances of each service with a balancer in front, in a separate folder. Cleans up on
 * every outcome.
 */
export async function withLoad<T>(
  { code, random, keep, say, ended, onUp }: RollSetup,
  work: (context: RollContext) => Promise<T>,
): Promise<T> {
  const folder = newDataFolder('sluice-roll-');
  let system: SystemUnderTest | undefined;
  let balancer: Balancer | undefined;
  try {
    system = await SystemUnderTest.up({
      folder,
      code,
      random,
      disks: false,
      keep,
      say,
    });
    onUp();
    const { ports, issuer } = system;
    const admin = new AdminClients(ports, () => issuer.tokenOf(DEMO_PERSON));
    const colleague = new AdminClients(ports, () => issuer.tokenOf(APPROVER));
    balancer = new Balancer(
      ([1, 2] as const).map((number) => ({
        url: `http://127.0.0.1:${ports[number]['intake-api']}`,
        readyUrl: `http://127.0.0.1:${adminPortOf(ports[number], 'intake-api')}/readyz`,
      })),
    );
    const load = await SteadyLoad.prepare({
      balancer,
      random: random.of('load'),
      people: { intake: admin.intake, approver: colleague },
      bankAccount: await bankAccountOf(system),
    });
    return await work({ system, admin, load, say, ended });
  } finally {
    await balancer?.close();
    await system?.stop();
    if (keep) say(`everything is kept in ${folder}`);
    else rmSync(folder, { recursive: true, force: true });
  }
}
