import type { Tx } from '@sluice/postgres';
import type { RecordSeals } from '@sluice/service-shell';

/** Row of the table `passkey`, with its revocation. */
export interface PasskeyRow {
  readonly credential_id: string;
  readonly person: string;
  /** COSE key in base64url. */
  readonly public_key: string;
  readonly added_at: Date;
  readonly usable_at: Date;
  readonly approved_by: string;
  readonly seal: string;
  /** Uses as reported by the authenticator, as text; many report none. */
  readonly uses: string;
  readonly revoked_at: Date | null;
}

export const PASSKEY_ROWS = `
  SELECT p.credential_id, p.person, p.public_key, p.added_at, p.usable_at, p.approved_by, p.seal, p.uses::text, r.revoked_at
    FROM passkey p LEFT JOIN passkey_revocation r USING (credential_id)`;

type Sealed = Omit<PasskeyRow, 'seal' | 'uses' | 'revoked_at'>;

export function sealPasskey(seals: RecordSeals, row: Sealed): string {
  return seals.seal('passkey', fieldsOf(row));
}

export function isSealedPasskey(seals: RecordSeals, row: PasskeyRow): boolean {
  return seals.isSealed('passkey', fieldsOf(row), row.seal);
}

function fieldsOf(row: Sealed): readonly string[] {
  return [
    row.credential_id,
    row.person,
    row.public_key,
    row.added_at.toISOString(),
    row.usable_at.toISOString(),
    row.approved_by,
  ];
}

export async function passkeyOf(
  source: Pick<Tx, 'query'>,
  credentialId: string,
): Promise<PasskeyRow | undefined> {
  const [row] = await source.query<PasskeyRow>(`${PASSKEY_ROWS} WHERE p.credential_id = $1`, [
    credentialId,
  ]);
  return row;
}
