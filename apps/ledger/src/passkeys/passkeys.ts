import { Injectable } from '@nestjs/common';
import { verifyAuthenticationResponse } from '@simplewebauthn/server';
import { ApiError } from '@sluice/http-api';
import { isObject } from '@sluice/kernel';
import type { Tx } from '@sluice/postgres';
import {
  countForgedRecord,
  InjectConfig,
  isSamePersonName,
  RecordSeals,
} from '@sluice/service-shell';

type Assertion = Parameters<typeof verifyAuthenticationResponse>[0]['response'];

interface PasskeyUse {
  readonly person: string;
  /** SHA-256 in hex: the challenge that the passkey signed. */
  readonly digest: string;
  /** Answer of the browser: `PublicKeyCredential` in JSON. */
  readonly assertion?: object | null;
}

@Injectable()
export class Passkeys {
  constructor(
    private readonly seals: RecordSeals,
    @InjectConfig() private readonly settings: PasskeySettings = DEFAULT_PASSKEYS,
  ) {}

  /** Returns the id of the credential. Throws if the assertion does not prove the approval. */
  async verify(tx: Tx, { person, digest, assertion }: PasskeyUse): Promise<string> {
    if (!assertion)
      throw new ApiError(403, 'This approval takes a passkey: "assertion" is missing');
    const id = 'id' in assertion && typeof assertion.id === 'string' ? assertion.id : '';
    const row = await passkeyOf(tx, id);
    const fault = await this.faultOf(tx, row, person);
    if (row === undefined || fault !== null) throw new ApiError(403, fault ?? UNKNOWN);
    const uses = await this.usesAfter(row, assertion, digest);
    await tx.query('UPDATE passkey SET uses = $2 WHERE credential_id = $1', [id, uses]);
    return id;
  }

  /** Returns those of the credentials that are revoked. */
  async revokedOf(
    source: Pick<Tx, 'query'>,
    credentialIds: readonly string[],
  ): Promise<ReadonlySet<string>> {
    if (credentialIds.length === 0) return new Set();
    const rows = await source.query<{ credential_id: string }>(
      'SELECT credential_id FROM passkey_revocation WHERE credential_id = ANY ($1::text[])',
      [credentialIds],
    );
    return new Set(rows.map(({ credential_id: id }) => id));
  }

  private async faultOf(
    tx: Tx,
    row: PasskeyRow | undefined,
    person: string,
  ): Promise<string | null> {
    if (row === undefined) return UNKNOWN;
    if (!isSealedPasskey(this.seals, row)) {
      countForgedRecord('passkey');
      return 'The passkey has no valid seal: another party writes to this database';
    }
    if (!isSamePersonName(row.person, person)) return `The passkey does not belong to ${person}`;
    if (row.revoked_at !== null) return 'The passkey is revoked';
    const [now] = await tx.query<{ at: Date }>('SELECT clock_timestamp() AS at');
    return now && row.usable_at <= now.at
      ? null
      : `The passkey counts from ${row.usable_at.toISOString()} on`;
  }

  /** Verifies the signature over the digest. The library verifies origin, domain and counter. */
  private async usesAfter(row: PasskeyRow, assertion: object, digest: string): Promise<number> {
    try {
      const { verified, authenticationInfo } = await verifyAuthenticationResponse({
        response: assertion as Assertion,
        expectedChallenge: Buffer.from(digest, 'hex').toString('base64url'),
        expectedOrigin: [...this.settings.passkeyOrigins],
        expectedRPID: this.settings.passkeyRpId,
        requireUserVerification: true,
        credential: {
          id: row.credential_id,
          publicKey: new Uint8Array(Buffer.from(row.public_key, 'base64url')),
          counter: Number(row.uses),
        },
      });
      if (verified) return authenticationInfo.newCounter;
    } catch (error) {
      const reason = isObject(error) ? String(error['message']) : 'unreadable';
      throw new ApiError(403, `The passkey does not prove this approval: ${reason}`);
    }
    throw new ApiError(403, 'The passkey does not prove this approval: wrong signature');
  }
}

const UNKNOWN = 'The passkey is not registered here';

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
