import type { ApiKeyEntity } from './api-key.entity.js';
import type { SealedSecret, SecretBox } from './sealed-secret.js';

/** What a key's row says, but for when that row was written. */
export type KeyTerms = Omit<ApiKeyEntity, 'sealed' | 'changedAt'>;

/** The newest secret, and the one before it while both are good; of an Ed25519 key its public keys. */
export interface KeySecrets {
  readonly current: string;
  readonly previous: string | null;
}

export function sealKey(box: SecretBox, terms: KeyTerms, secrets: KeySecrets): SealedSecret {
  return box.seal(JSON.stringify(secrets), terms.keyId, meaningOf(terms));
}

/** Throws when anything that the row says is not what was sealed. */
export function openKey(
  box: SecretBox,
  { sealed, ...terms }: KeyTerms & { readonly sealed: SealedSecret },
): KeySecrets {
  return JSON.parse(box.open(sealed, terms.keyId, meaningOf(terms))) as KeySecrets;
}

/** Everything in the row that somebody could gain by changing, in one order for all time. */
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
