import type { Command } from './language/command.js';
import { ACCOUNTS } from './commands/accounts.js';
import { ADDRESSES } from './commands/addresses.js';
import { API } from './commands/api.js';
import { APPROVALS, PASSKEYS } from './commands/approvals.js';
import { BOOK } from './commands/book.js';
import { FINDINGS, HALTS } from './commands/halts.js';
import { KEYS } from './commands/keys.js';
import { LEDGER } from './commands/ledger.js';
import { PEOPLE } from './commands/people.js';
import { POLICY } from './commands/policy.js';
import { ROUTES } from './commands/routes.js';
import { SYSTEM } from './commands/system.js';
import { TERMS } from './commands/terms.js';
import { TOPICS } from './commands/topics.js';
import { WALLET } from './commands/wallet.js';
import { WEBHOOKS } from './commands/webhooks.js';
import { WITHDRAWALS } from './commands/withdrawals.js';

/** All operator commands by subject, in the order of the help text. */
export const SUBJECTS: Readonly<Record<string, readonly Command[]>> = {
  'people and approvals': [...PEOPLE, ...APPROVALS, ...PASSKEYS],
  'services and messages': [...SYSTEM, ...TOPICS],
  accounts: ACCOUNTS,
  'API keys and signers': KEYS,
  withdrawals: WITHDRAWALS,
  'halts and breaks': HALTS,
  'findings of the auditor': FINDINGS,
  ledger: LEDGER,
  'proof and recovery of the book': BOOK,
  'routes and assets': ROUTES,
  terms: TERMS,
  'spending policy': POLICY,
  'address books': ADDRESSES,
  'own wallet': WALLET,
  webhooks: WEBHOOKS,
  'public API': API,
};

export const COMMANDS: readonly Command[] = Object.values(SUBJECTS).flat();
