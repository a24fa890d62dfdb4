import type { KeyRing } from '@sluice/signing';
import type { NewNonce, NonceRow, SealedColumns } from './nonce-row.js';

/**
 * Seals of assigned nonces: MACs under a key that no database holds. A changed row has no valid
 * seal.
 */
export class NonceSeals {
  constructor(private readonly ring: KeyRing) {}

  /** Numbers and seals a row. */
  sealed(row: NewNonce, number: bigint): NonceRow {
    const numbered = { ...row, number: `${number}` };
    return { ...numbered, seal: this.ring.sign('signed nonce', fieldsOf(numbered)) };
  }

  isSealed(row: NonceRow): boolean {
    return this.ring.verify('signed nonce', fieldsOf(row), row.seal);
  }

  /** Seals the row again if an older key sealed it; null if the seal has the signing key. */
  renewed(row: NonceRow): NonceRow | null {
    if (this.ring.isOfSigningKey(row.seal)) return null;
    return this.sealed(row, BigInt(row.number));
  }
}

function fieldsOf(row: SealedColumns): readonly (string | null)[] {
  const { chain_id, address, nonce, kind, withdrawal_id, recipient, token, units } = row;
  return [
    chain_id,
    address,
    nonce,
    kind,
    withdrawal_id,
    recipient,
    token,
    units,
    row.gas_asset,
    row.number,
  ];
}
