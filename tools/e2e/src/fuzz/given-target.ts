import { rmSync } from 'node:fs';
import { PERMISSIONS } from '@sluice/http-api';
import { approvedBy } from '@sluice/admin-client';
import {
  AdminClients,
  APPROVER,
  FIRST_VENUE,
  ofEach,
  SERVICE_NAMES,
  startSystem,
} from '@sluice/stack';
import { newDataFolder } from '@sluice/test-servers';

const NO_LIMIT = 1_000_000;
/** Longer timeouts: a loaded machine is no fault of the API. */
const PATIENT = { HOLD_TIMEOUT_MS: '30000', REQUESTS_PER_MINUTE_PER_IP: String(NO_LIMIT) };

/** The whole system with a funded customer, and a key with all permissions. */
interface Target {
  readonly url: string;
  readonly key: { readonly key_id: string; readonly secret: string };
  /** Returns the number of accepted withdrawals. */
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
  const { account_id } = await intake.createAccount({ name: 'fuzz' });
  const asked = intake.createKey(account_id, {
    label: 'fuzz',
    permissions: [...PERMISSIONS],
    rate_limit_per_min: NO_LIMIT,
    any_address: true,
  });
  const { key_id, secret } = await approvedBy(approver.intake, asked);
  for (const network of ['ETH', 'TRX'])
    await approvedBy(
      approver.ledger,
      intake.fund(account_id, {
        currency: 'USDT',
        network,
        amount: '100000000',
        reference: `fuzz-${network}`,
        evidence: 'a run of the generator',
      }),
    );
  if (secret === null) throw new Error('a key of a customer’s own cannot be used here');
  return {
    url: system.run.intake_url,
    key: { key_id, secret },
    taken: async () => (await intake.withdrawals({ account_id, limit: 9_999 })).length,
    stop: async () => {
      await system.stop();
      rmSync(home, { recursive: true, force: true });
    },
  };
}
