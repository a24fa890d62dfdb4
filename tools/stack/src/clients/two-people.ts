import { randomUUID } from 'node:crypto';
import { approvedBy, type IntakeAdmin, type ServiceAdmin } from '@sluice/admin-client';
import type { CreateApiKeyDto, FundAccountDto } from '@sluice/http-api';
import type { DemoAccount, RunFile } from '../layout/run-file.js';
import { AdminClients, APPROVER } from './admin-clients.js';
import type { IntakeKey } from './signed-client.js';

type Approving = Pick<ServiceAdmin, 'approve'>;

/** The first person asks for keys and money, and the second person approves. */
export interface TwoPeople {
  readonly intake: IntakeAdmin;
  readonly approver: { readonly intake: Approving; readonly ledger: Approving };
}

export type Funding = Omit<FundAccountDto, 'reference' | 'evidence'> &
  Partial<Pick<FundAccountDto, 'reference'>>;

interface AccountWish extends Pick<CreateApiKeyDto, 'permissions'> {
  readonly fundings: readonly Funding[];
}

/** Far above the requests of all tools. Separate keys demonstrate the limit. */
const NO_LIMIT = 1_000_000_000;

/** The people of a running system. */
export function twoPeople(run: () => RunFile): TwoPeople {
  const { intake } = new AdminClients(run);
  return { intake, approver: new AdminClients(run, APPROVER) };
}

/** Opens an account with money, and with a key without limits for the permissions. */
export async function openAccount(
  people: TwoPeople,
  name: string,
  { fundings, ...wish }: AccountWish,
): Promise<DemoAccount> {
  const { account_id } = await people.intake.createAccount({ name });
  const key = await createKey(people, account_id, { label: name, ...wish });
  await fundAccount(people, account_id, fundings);
  return { account_id, ...key };
}

/** Creates a key without limits, except for the limits of the wish. */
export async function createKey(
  { intake, approver }: TwoPeople,
  accountId: string,
  wish: CreateApiKeyDto,
): Promise<IntakeKey> {
  const free = { any_address: wish.allowed_ips === undefined, rate_limit_per_min: NO_LIMIT };
  const asked = intake.createKey(accountId, { ...free, ...wish });
  const { key_id, secret } = await approvedBy(approver.intake, asked);
  return { key_id, secret: secret ?? '' };
}

/** A funding with a reference is booked only once. */
export async function fundAccount(
  { intake, approver }: TwoPeople,
  accountId: string,
  fundings: readonly Funding[],
): Promise<void> {
  for (const funding of fundings) {
    const asked = { reference: randomUUID(), evidence: 'money of a tool', ...funding };
    await approvedBy(approver.ledger, intake.fund(accountId, asked));
  }
}
