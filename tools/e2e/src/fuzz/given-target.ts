import { rmSync } from 'node:fs';
import { PERMISSIONS } from '@sluice/http-api';
import { approvedBy } from '@sluice/admin-client';
import { testValues } from '@sluice/runtime';
import {
  AdminClients,
  APPROVER,
  FIRST_VENUE,
  ofEach,
  SERVICE_NAMES,
  startSystem,
} from '@sluice/stack';
import { newDataFolder } from '@sluice/test-servers';
import type { SigningKey } from './find-schemathesis.js';

const NO_LIMIT = 1_000_000;
/** Longer timeouts: a loaded machine is no fault of the API. */
const PATIENT = {
  ...testValues({ holdTimeoutMs: 30_000 }),
  REQUESTS_PER_MINUTE_PER_IP: String(NO_LIMIT),
};

/** The whole system with a funded customer and a second customer, each with a key of all permissions. */
interface Target {
  readonly url: string;
  readonly keys: { readonly payer: SigningKey; readonly bookKeeper: SigningKey };
  /** Returns the number of accepted withdrawals of the funded customer. */
  taken(): Promise<number>;
  stop(): Promise<void>;
}

export async function givenTarget(): Promise<Target> {
  const home = newDataFolder('sluice-fuzz-');
  const system = await startSystem({
    home,
    venues: [FIRST_VENUE],
    pace: 'fast',
    logLevel: 'info',
    environment: ofEach(SERVICE_NAMES, (name) => (name === 'intake-api' ? PATIENT : {})),
  });
  const { intake } = new AdminClients(() => system.run);
  const approver = new AdminClients(() => system.run, APPROVER);
  const payer = await newCustomer('fuzz');
  const bookKeeper = await newCustomer('fuzz-address-book');
  for (const network of ['ETH', 'TRX'])
    await approvedBy(
      approver.ledger,
      intake.fund(payer.account_id, {
        currency: 'USDT',
        network,
        amount: '100000000',
        reference: `fuzz-${network}`,
        evidence: 'a run of the generator',
      }),
    );
  return {
    url: system.run.intake_url,
    keys: { payer, bookKeeper },
    taken: async () =>
      (await intake.withdrawals({ account_id: payer.account_id, limit: 9_999 })).length,
    stop: async () => {
      await system.stop();
      rmSync(home, { recursive: true, force: true });
    },
  };

  async function newCustomer(name: string): Promise<SigningKey & { readonly account_id: string }> {
    const { account_id } = await intake.createAccount({ name });
    const asked = intake.createKey(account_id, {
      label: name,
      permissions: [...PERMISSIONS],
      rate_limit_per_min: NO_LIMIT,
      any_address: true,
    });
    const { key_id, secret } = await approvedBy(approver.intake, asked);
    if (secret === null) throw new Error('a key of a customer’s own cannot be used here');
    return { account_id, key_id, secret };
  }
}
