import { ApiError, type Caller } from '@sluice/http-api';
import type { Database, Tx } from '@sluice/postgres';
import {
  countForgedRecord,
  isSamePersonName,
  type KnownPasskey,
  type NamedPasskey,
  type PasskeySource,
  type RecordSeals,
} from '@sluice/service-shell';

/** Passkeys in the ledger's own rows: a revocation counts with the next call. */
export class OwnPasskeys implements PasskeySource {
  constructor(
    private readonly database: Pick<Database, 'query'>,
    private readonly seals: RecordSeals,
    private readonly settings: PasskeySettings,
  ) {}

  async find({ credentialId }: NamedPasskey, { name }: Caller): Promise<KnownPasskey> {
    const row = await passkeyOf(this.database, credentialId);
    if (!row) throw new ApiError(403, 'The passkey is not registered here');
    const fault = passkeyFault(this.seals, row, name);
    if (fault !== null) throw new ApiError(403, fault);
    const { passkeyRpId: rpId, passkeyOrigins: origins } = this.settings;
    return { credentialId, publicKey: row.public_key, uses: Number(row.uses), rpId, origins };
  }

  async use(credentialId: string, uses: number): Promise<void> {
    await this.database.query(
      'UPDATE passkey SET uses = greatest(uses, $2) WHERE credential_id = $1',
      [credentialId, uses],
    );
  }
}

/** Reason why the passkey proves nothing for the person now; null if it does. */
export function passkeyFault(seals: RecordSeals, row: PasskeyRow, person: string): string | null {
  if (!isSealedPasskey(seals, row)) {
    countForgedRecord('passkey');
    return 'The passkey has no valid seal: another party writes to this database';
  }
  if (!isSamePersonName(row.person, person)) return `The passkey does not belong to ${person}`;
  if (row.revoked_at !== null) return 'The passkey is revoked';
  return row.is_usable ? null : `The passkey counts from ${row.usable_at.toISOString()} on`;
}

/** Returns those of the credentials that are revoked. */
export async function revokedAmong(
  tx: Tx,
  credentialIds: readonly string[],
): Promise<ReadonlySet<string>> {
  if (credentialIds.length === 0) return new Set();
  const rows = await tx.query<{ credential_id: string }>(
    'SELECT credential_id FROM passkey_revocation WHERE credential_id = ANY ($1::text[])',
    [credentialIds],
  );
  return new Set(rows.map(({ credential_id: id }) => id));
}

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
  /** True after the waiting time. */
  readonly is_usable: boolean;
}

export const PASSKEY_ROWS = `
  SELECT p.credential_id, p.person, p.public_key, p.added_at, p.usable_at, p.approved_by, p.seal, p.uses::text, r.revoked_at,
         p.usable_at <= clock_timestamp() AS is_usable
    FROM passkey p LEFT JOIN passkey_revocation r USING (credential_id)`;

type Sealed = Omit<PasskeyRow, 'seal' | 'uses' | 'revoked_at' | 'is_usable'>;

export function sealPasskey(seals: RecordSeals, row: Sealed): string {
  return seals.seal('passkey', fieldsOf(row));
}

function isSealedPasskey(seals: RecordSeals, row: PasskeyRow): boolean {
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

export interface PasskeySettings {
  /** Relying party id: the domain of the page where people use their passkeys. */
  readonly passkeyRpId: string;
  /** Origins of that page, e.g. `https://console.example.com`. */
  readonly passkeyOrigins: readonly string[];
  /** Hours before a new passkey counts. */
  readonly passkeyWaitsHours: number;
}

/** Default: the page that `sluice approvals approve` serves on this computer. */
export const DEFAULT_PASSKEYS: PasskeySettings = {
  passkeyRpId: 'localhost',
  passkeyOrigins: ['http://localhost:7420'],
  passkeyWaitsHours: 24,
};

export function readOrigins(value: unknown): readonly string[] {
  const isOrigin = (one: unknown): one is string =>
    typeof one === 'string' && URL.canParse(one) && new URL(one).origin === one;
  if (Array.isArray(value) && value.length > 0 && value.every(isOrigin)) return value;
  throw new Error('must be a JSON list of origins such as ["https://console.example.com"]');
}
