import { MAX_DECIMALS } from '@sluice/kernel';
import {
  field,
  isText,
  MAX_REPORT_ITEMS,
  orNull,
  UUID,
  UUID_SCHEMA,
  WHOLE_NUMBER,
} from './fields.js';
import {
  listSchema,
  objectSchema,
  orNullSchema,
  patternSchema,
  textSchema,
} from './json-schema.js';

/** The length counts code points, as JSON Schema and the REST API do: an emoji is one character of two UTF-16 units. */
export const IsClientReferenceOrNull = field(
  'isClientReferenceOrNull',
  orNull((v) => typeof v === 'string' && isText(256)(v) && [...v].length <= 128),
  'must be 1 to 128 characters or null',
  orNullSchema(textSchema(128)),
);
export const IsDecimals = field(
  'isDecimals',
  (v) => Number.isInteger(v) && (v as number) >= 0 && (v as number) <= MAX_DECIMALS,
  `must be a whole number of at most ${MAX_DECIMALS}`,
  { type: 'integer', minimum: 0, maximum: MAX_DECIMALS },
);

const MOST_PUBLIC_KEYS = 100;

/** Ed25519 keys, SPKI in base64. */
export const IsPublicKeys = field(
  'isPublicKeys',
  (v) => Array.isArray(v) && v.length <= MOST_PUBLIC_KEYS && v.every(isText(128)),
  `must be at most ${MOST_PUBLIC_KEYS} public keys`,
  listSchema(textSchema(128), 0, MOST_PUBLIC_KEYS),
);

const NETWORK = /^[A-Z0-9_-]{1,32}$/;
/** Purpose of a wallet: withdrawals, or gas for the paying wallets. */
export const WALLET_PURPOSES = ['hot', 'tank'] as const;
/** Purpose of a nonce: a withdrawal, a void transaction, or gas for another wallet. */
export const NONCE_PURPOSES = ['payment', 'void', 'top_up'] as const;
/** Account of the costs of our own wallet: the firm, not a customer. */
export const HOUSE_ACCOUNT = '00000000-0000-0000-0000-000000000000';
const MAX_WALLETS = 200;

const NETWORK_SCHEMA = patternSchema(NETWORK, 'network, such as ETH');
const WALLET_SCHEMA = objectSchema(
  {
    network: NETWORK_SCHEMA,
    address: textSchema(128),
    purpose: { type: 'string', enum: [...WALLET_PURPOSES] },
  },
  { accountId: UUID_SCHEMA },
);
const TOKEN_SCHEMA = objectSchema({
  network: NETWORK_SCHEMA,
  currency: patternSchema(NETWORK, 'currency, such as USDT'),
  address: textSchema(128),
});

const SEEN_PAYMENT_SCHEMA = objectSchema({
  withdrawalId: UUID_SCHEMA,
  txHash: orNullSchema(textSchema(128)),
  blockNumber: orNullSchema(patternSchema(WHOLE_NUMBER, 'whole number as text')),
});

/** Network, for example `ETH`: the part of an asset after the point. */
export const IsNetwork = field(
  'isNetwork',
  isNetwork,
  'must be a network such as ETH',
  NETWORK_SCHEMA,
);
export const IsHouseAccount = field(
  'isHouseAccount',
  (v) => v === HOUSE_ACCOUNT,
  "must be the firm's own account",
  { ...UUID_SCHEMA, const: HOUSE_ACCOUNT },
);
/** Count of blocks, attempts or similar: zero or more. */
export const IsCount = field(
  'isCount',
  (v) => Number.isSafeInteger(v) && (v as number) >= 0,
  'must be a whole number, zero or more',
  { type: 'integer', minimum: 0, maximum: Number.MAX_SAFE_INTEGER },
);
export const IsWalletPurpose = choice('isWalletPurpose', WALLET_PURPOSES);
/** Lines of an entry that a reversal can name. */
export const IsReversedLines = choice('isReversedLines', ['venue_fee']);
export const IsNoncePurpose = choice('isNoncePurpose', NONCE_PURPOSES);
/** Paying addresses of a wallet, at most 200. */
export const IsWallets = field(
  'isWallets',
  (v) => Array.isArray(v) && v.length <= MAX_WALLETS && v.every(isWallet),
  `must be at most ${MAX_WALLETS} wallets, each with network, address and purpose`,
  listSchema(WALLET_SCHEMA, 0, MAX_WALLETS),
);
/** Known token contracts of a wallet, at most 200. */
export const IsTokens = field(
  'isTokens',
  (v) => Array.isArray(v) && v.length <= MAX_WALLETS && v.every(isToken),
  `must be at most ${MAX_WALLETS} tokens, each with network, currency and address`,
  listSchema(TOKEN_SCHEMA, 0, MAX_WALLETS),
);

/** Current positions of payments on their chain, at most 500; may be empty. */
export const IsSeenPayments = field(
  'isSeenPayments',
  (v) => Array.isArray(v) && v.length <= MAX_REPORT_ITEMS && v.every(isSeenPayment),
  `must be at most ${MAX_REPORT_ITEMS} payments, each with withdrawalId, txHash and blockNumber`,
  listSchema(SEEN_PAYMENT_SCHEMA, 0, MAX_REPORT_ITEMS),
);

function choice(name: string, allowed: readonly string[]) {
  return field(
    name,
    (v) => allowed.some((one) => one === v),
    `must be one of ${allowed.join(', ')}`,
    { type: 'string', enum: [...allowed] },
  );
}

function isNetwork(value: unknown): boolean {
  return typeof value === 'string' && NETWORK.test(value);
}

function isWallet(value: unknown): boolean {
  const { network, address, purpose, accountId } = (value ?? {}) as Record<string, unknown>;
  return (
    isNetwork(network) &&
    isText(128)(address) &&
    WALLET_PURPOSES.some((one) => one === purpose) &&
    (accountId === undefined || (typeof accountId === 'string' && UUID.test(accountId)))
  );
}

function isSeenPayment(value: unknown): boolean {
  const { withdrawalId, txHash, blockNumber } = (value ?? {}) as Record<string, unknown>;
  return (
    typeof withdrawalId === 'string' &&
    UUID.test(withdrawalId) &&
    (txHash === null || isText(128)(txHash)) &&
    (blockNumber === null || (typeof blockNumber === 'string' && WHOLE_NUMBER.test(blockNumber)))
  );
}

function isToken(value: unknown): boolean {
  const { network, currency, address } = (value ?? {}) as Record<string, unknown>;
  return isNetwork(network) && isNetwork(currency) && isText(128)(address);
}
