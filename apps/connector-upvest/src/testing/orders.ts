import { randomUUIDv7 } from 'node:crypto';
import type { ContractOrder } from '@sluice/connector-testing';
import type { SimulatorControl } from '@sluice/test-kit';

export interface TestUser {
  readonly user_id: string;
  readonly account_group_id: string;
  readonly reference_account_id: string;
}

/** The users of the simulator, each with an account group and a reference account. */
export async function usersOf(simulator: SimulatorControl): Promise<readonly TestUser[]> {
  const credentials = await simulator.credentials();
  return [credentials, ...(credentials['other_users'] as Record<string, unknown>[])].map(
    (user) => ({
      user_id: String(user['user_id']),
      account_group_id: String(user['account_group_id']),
      reference_account_id: String(user['reference_account_id']),
    }),
  );
}

export async function firstUserOf(simulator: SimulatorControl): Promise<TestUser> {
  const [first] = await usersOf(simulator);
  if (!first) throw new Error('the simulator has no user');
  return first;
}

export function orderTo(user: TestUser, amount: string, more: object = {}): ContractOrder {
  return {
    withdrawalId: randomUUIDv7(),
    asset: 'EUR.SEPA',
    amount,
    destination: { type: 'reference_account', ...user, ...more },
  };
}
