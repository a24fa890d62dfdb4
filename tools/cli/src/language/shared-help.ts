/** Help of options and operands that several commands have. */
export const SHARED_HELP: Readonly<Record<string, string>> = {
  account: 'id of the account',
  address: 'as "sluice wallet show" shows it',
  all: 'also closed rows',
  amount: 'decimal, e.g. 1000 or 0.5',
  asset: 'e.g. USDT.ETH',
  currency: 'e.g. USDT',
  cursor: 'cursor of the previous page',
  evidence: 'what was found out; kept for good',
  expires: 'days until expiry, or never; default 90 for a key with the permission withdraw',
  from: 'start of validity, e.g. 2026-12-01T00:00:00Z, at least 15 s ahead; default in 15 s',
  limit: 'maximum number of rows; default 50',
  network: 'e.g. ETH',
  'public-key':
    "the customer's Ed25519 public key: the text of its PEM, or the one line inside the PEM",
  reason: 'why; kept for good',
  'require-reference': 'whether a withdrawal without a client_reference is refused',
  service: 'only of this service; default every service',
  venue: 'only of this venue; default every venue',
  'worth-eur':
    'upper estimate of the value of one unit: of a currency for which no release has a ceiling',
};

/** Next steps for a subject that a service does not know. */
export const SEE_ACCOUNTS = '"sluice account list" shows the accounts';
export const TWO_PEOPLE = 'It counts when a second person approves it: sluice approve.';
export const LARGE_AMOUNT =
  'A large amount counts when a second person approves it: sluice approve.';
/** Account of the examples. */
export const A = '--account 3f0c9d52-6a3e-4f5e-9a51-0b6d2f1c7e11';
