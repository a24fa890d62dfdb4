import type { ApiKeyEntity } from './api-key.entity.js';
import type { SealedSecret, SecretBox } from './sealed-secret.js';

/** Values of a key's row, except the time of writing. */
export type KeyTerms = Omit<ApiKeyEntity, 'sealed' | 'changedAt'>;

/** The newest secret and, during the overlap, the previous secret; public keys for Ed25519. */
export interface KeySecrets {
  readonly current: string;
  readonly previous: string | null;
}

export function sealKey(box: SecretBox, terms: KeyTerms, secrets: KeySecrets): SealedSecret {
  return box.seal(JSON.stringify(secrets), terms.keyId, meaningOf(terms));
}

/** Opens a sealed key. Throws if any value of the row differs from the sealed content. */
export function openKey(
  box: SecretBox,
  { sealed, ...terms }: KeyTerms & { readonly sealed: SealedSecret },
): KeySecrets {
  return JSON.parse(box.open(sealed, terms.keyId, meaningOf(terms))) as KeySecrets;
}

/** All values of the row with a benefit to an attacker, in a permanently fixed order. */
function meaningOf(terms: KeyTerms): string {
  return JSON.stringify([
    ...(terms.algorithm === 'hmac-sha256'
      ? ['api key, version 2']
      : ['api key, version 3', terms.algorithm]),
    terms.keyId,
    terms.generation,
    terms.accountId,
    terms.label,
    terms.permissions,
    terms.rateLimitPerMin,
    terms.allowedIps,
    terms.sharesReferences,
    terms.createdAt.toISOString(),
    terms.expiresAt?.toISOString() ?? null,
    terms.overlapUntil?.toISOString() ?? null,
    terms.revokedAt?.toISOString() ?? null,
  ]);
}
