import { EXAMPLE_VENUE } from '@sluice/kernel';

/** Help of options and operands. The sample behind "e.g." is also the sample in the example. */
export const SHARED_HELP: Readonly<Record<string, string>> = {
  account: 'id of the account, e.g. 3f0c9d52-6a3e-4f5e-9a51-0b6d2f1c7e11',
  active: 'whether withdrawals are accepted',
  address: 'as "sluice wallet show" shows it, e.g. 0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266',
  all: 'also rows that have ended',
  amount: 'decimal, e.g. 1000',
  asset: 'e.g. USDT.ETH',
  case: 'names the freeze, e.g. court-2026-17; an account may have several',
  currency: 'e.g. USDT',
  cursor: 'cursor of the previous page',
  decimals: 'maximum number of decimals of an amount',
  evidence: 'the proof; kept permanently, e.g. "ticket 8812: the cause is found"',
  expires: 'days until expiry, or never; default 90 for a key with the permission withdraw',
  'fee-flat': 'price of a withdrawal, flat',
  'fee-percent': 'price of a withdrawal, in percent of the amount',
  from: 'start of validity, e.g. 2040-01-01T00:00:00Z, at least 15 s ahead; default in 15 s',
  ID: 'id of the journal entry, e.g. 0192f3a4-2222-7000-8000-00000000000b',
  'key-id': 'id of the API key, e.g. ck_5d0b7c21e4a90f3366b1d28c',
  limit: 'maximum number of rows; default 50',
  max: 'maximum amount of one withdrawal',
  min: 'minimum amount of one withdrawal',
  network: 'e.g. ETH',
  offset: 'as /readyz of the service names it, e.g. 8712',
  partition: 'as /readyz of the service names it, e.g. 3',
  'public-key':
    'Ed25519 public key of the customer: its PEM, or the line inside, e.g. MCowBQYDK2VwAyEA11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=',
  reason: 'cause; kept permanently, e.g. "ticket 91: see the report"',
  reference: 'unique, e.g. deposit-77; a repeat returns the first entry',
  'require-reference': 'whether a withdrawal without a client_reference is refused',
  service: 'e.g. ledger',
  topic: 'as /readyz of the service names it, e.g. ledger.commands',
  venue: `e.g. ${EXAMPLE_VENUE}`,
  'worth-eur':
    'upper estimate of the value of one unit: of a currency for which no release has a ceiling',
};

/** Lists that show the operands of a group of commands, with a sample of an operand. */
export const LISTS: Readonly<Record<string, readonly [list: string, sample: string]>> = {
  address: ['address list --account A', '0193a1b2-0000-7000-8000-00000000000a'],
  approvals: ['approvals list', '0193a1b2-0000-7000-8000-00000000000a'],
  approve: ['approvals list', '3'],
  breaks: ['breaks list', '4'],
  'dead-letter': ['dead-letter list', '3'],
  findings: ['findings list', '3'],
  halt: ['halt list', '3'],
  key: ['key list --account A', 'ck_5d0b7c21e4a90f3366b1d28c'],
  passkey: ['passkey list', 'V1l0vWbN0fXqk3p2u7sJhA'],
  webhook: ['webhook list --account A', '0193a1b2-0000-7000-8000-00000000000a'],
};

export const SEE_ACCOUNTS = '"sluice account list" shows the accounts';
export const TWO_PEOPLE = 'It counts when a second person approves it: sluice approve.';
export const MAY_AWAIT = 'Some requests count when a second person approves them: sluice approve.';
/** Account of the examples. */
export const A = '--account 3f0c9d52-6a3e-4f5e-9a51-0b6d2f1c7e11';
