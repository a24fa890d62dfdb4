import { rmSync } from 'node:fs';
import {
  type BankAccount,
  drawOrder,
  openAccount,
  SignedClient,
  SteadyLoad,
  adminPortOf,
  APPROVER,
  DEMO_PERSON,
  type Random,
} from '@sluice/stack';
import { newDataFolder } from '@sluice/test-servers';
import { AdminClients } from '../system/admin-clients.js';
import { SystemUnderTest } from '../system/system-under-test.js';
import { fundingsOf, PERMISSIONS } from '../load/load.js';
import { bankAccountOf } from '../run/with-system.js';
import { Balancer } from './balancer.js';

/**
 * Number of accounts. Each account has at most 9,999 withdrawals, the maximum of a list in the
 * admin API.
 */
const ACCOUNTS = 8;

interface LoadClient {
  readonly accountId: string;
  readonly signer: SignedClient;
}

export interface RollContext {
  readonly system: SystemUnderTest;
  readonly admin: AdminClients;
  readonly load: SteadyLoad;
  readonly clients: readonly LoadClient[];
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
    const people = { intake: admin.intake, approver: colleague };
    const clients = await Promise.all(
      Array.from({ length: ACCOUNTS }, async (_, at) => {
        const wish = { permissions: PERMISSIONS, fundings: fundingsOf(false) };
        const account = await openAccount(people, `roll ${at + 1}`, wish);
        return { accountId: account.account_id, signer: new SignedClient([], account) };
      }),
    );
    const load = loadOf(clients, balancer, random.of('load'), await bankAccountOf(system));
    return await work({ system, admin, load, clients, say, ended });
  } finally {
    await balancer?.close();
    await system?.stop();
    if (keep) say(`everything is kept in ${folder}`);
    else rmSync(folder, { recursive: true, force: true });
  }
}

function loadOf(
  clients: readonly LoadClient[],
  balancer: Balancer,
  random: Random,
  bankAccount: BankAccount,
): SteadyLoad {
  return new SteadyLoad({
    orderOf: (number) =>
      drawOrder(random, number, { clients: clients.length, bankAccount, plain: true }),
    send: ({ client, body }) => {
      const { signer } = clients[client] as LoadClient;
      return balancer.send(signer.sign('POST', '/v1/withdrawals', JSON.stringify(body)));
    },
  });
}
