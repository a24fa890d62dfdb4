import type { ChainKeys, KeyedMac } from '../hash-chain/chain-keys.js';

/** A public key that orders for an account may be signed with from then on, or no more. */
export interface SignerChange {
  readonly accountId: string;
  /** The API key of the customer that it belongs to. */
  readonly keyId: string;
  /** SPKI in base64. */
  readonly publicKey: string;
  readonly change: 'added' | 'revoked';
  readonly at: Date;
  readonly requestedBy: string;
  /** The second person; a revocation needs none. */
  readonly approvedBy: string | null;
}

export const SIGNER_COLUMNS = `account_id AS "accountId", key_id AS "keyId", public_key AS "publicKey", change, at, requested_by AS "requestedBy",
  approved_by AS "approvedBy", mac_key_id AS "macKeyId", encode(mac, 'hex') AS mac`;

/** Vouches for a row: the login of the database does not give the key that it takes. */
export function sealSigner(keys: ChainKeys, change: SignerChange): KeyedMac {
  return keys.sign('account signer', fieldsOf(change));
}

/** Whether the ledger wrote this row, at the wish of those whom it names. */
export function isOurs(keys: ChainKeys, row: StoredSigner): boolean {
  return keys.verify('account signer', fieldsOf(row), { keyId: row.macKeyId, mac: row.mac });
}

/** As `SIGNER_COLUMNS` has it. */
export interface StoredSigner extends SignerChange {
  readonly macKeyId: string;
  readonly mac: string;
}

/** The keys whose signature counts now: added, not revoked, and both by the ledger itself. */
export function signersInForce(
  keys: ChainKeys,
  rows: readonly StoredSigner[],
): readonly StoredSigner[] {
  const ours = rows.filter((row) => isOurs(keys, row));
  const revoked = new Set(
    ours.filter(({ change }) => change === 'revoked').map(({ publicKey }) => publicKey),
  );
  return ours.filter(({ change, publicKey }) => change === 'added' && !revoked.has(publicKey));
}

function fieldsOf(row: SignerChange): readonly (string | null)[] {
  const { accountId, keyId, publicKey, change, at, requestedBy, approvedBy } = row;
  return [accountId, keyId, publicKey, change, at.toISOString(), requestedBy, approvedBy];
}
