import { Injectable } from '@nestjs/common';
import { generateRegistrationOptions, verifyRegistrationResponse } from '@simplewebauthn/server';
import {
  ApiError,
  type AwaitedDto,
  type Caller,
  type PasskeyDto,
  type PasskeyOptionsDto,
} from '@sluice/http-api';
import { UnitOfWork, type Tx } from '@sluice/postgres';
import {
  Approvals,
  InjectConfig,
  isSamePersonName,
  PasskeyRule,
  RecordSeals,
} from '@sluice/service-shell';
import {
  DEFAULT_PASSKEYS,
  PASSKEY_ROWS,
  passkeyOf,
  type PasskeyRow,
  type PasskeySettings,
  sealPasskey,
} from './passkeys.js';

const ADD = 'add passkey';
const FIRST_PASSKEY =
  'The first passkey of a person is approved with the operator command: sluice approve ID --service ledger';
const CHALLENGE_KIND = 'passkey challenge';
const HOUR_MS = 3_600_000;
const OPTIONS_MS = 600_000;

type Registration = Parameters<typeof verifyRegistrationResponse>[0]['response'];

interface NewPasskey {
  readonly person: string;
  readonly credential_id: string;
  readonly public_key: string;
}

/** Registers passkeys with two people and a waiting time: stolen tokens register none unnoticed. */
@Injectable()
export class RegisterPasskey {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly approvals: Approvals,
    private readonly rule: PasskeyRule,
    private readonly seals: RecordSeals,
    @InjectConfig() private readonly settings: PasskeySettings = DEFAULT_PASSKEYS,
  ) {
    approvals.register(ADD, (_target, request, caller) =>
      this.unitOfWork.run((tx) => this.approve(tx, request as NewPasskey, caller)),
    );
  }

  /** Returns the options for `navigator.credentials.create` in the browser of the caller. */
  async options({ name: person }: Caller): Promise<PasskeyOptionsDto> {
    const options = await generateRegistrationOptions({
      rpName: 'Sluice',
      rpID: this.settings.passkeyRpId,
      userName: person,
      challenge: new Uint8Array(Buffer.from(this.challengeFor(person))),
      attestationType: 'none',
      authenticatorSelection: { userVerification: 'required', residentKey: 'preferred' },
    });
    return { options };
  }

  /** Verifies the new credential of the caller, and asks for a second person. */
  async run(registration: object, caller: Caller): Promise<AwaitedDto> {
    const { name: person } = caller;
    const { challenge: text, ...credential } = await this.credentialIn(registration, person);
    const { credential_id } = credential;
    const wished = { person, ...credential };
    // the registration proves the authenticator, and each registration counts once
    const passkey = { credentialId: credential_id, text, assertion: registration };
    return this.unitOfWork.run(async (tx) => {
      if (await passkeyOf(tx, credential_id))
        throw ApiError.conflict('This passkey is registered already');
      if (this.rule.isNeeded(caller) && (await everHadPasskey(tx, person)))
        await this.rule.use(tx, caller);
      const awaited = await this.approvals.ask(tx, demandOf(wished), { ...caller, passkey });
      if (awaited) return awaited;
      throw ApiError.conflict('The passkey waits for a second person');
    });
  }

  /** Revokes a passkey at once, and for good. Votes by this passkey on open payments are void. */
  async revoke(credentialId: string, caller: Caller): Promise<PasskeyDto> {
    return this.unitOfWork.run(async (tx) => {
      if (!(await passkeyOf(tx, credentialId))) throw ApiError.notFound('No such passkey');
      await tx.query(
        'INSERT INTO passkey_revocation (credential_id, revoked_at, revoked_by) VALUES ($1, clock_timestamp(), $2) ON CONFLICT DO NOTHING',
        [credentialId, caller.name],
      );
      const row = await passkeyOf(tx, credentialId);
      if (!row) throw new Error('the passkey is gone');
      return viewOf(row);
    });
  }

  async list(): Promise<PasskeyDto[]> {
    const rows = await this.unitOfWork.database.query<PasskeyRow>(
      `${PASSKEY_ROWS} ORDER BY p.person, p.added_at`,
    );
    return rows.map(viewOf);
  }

  /** A first passkey has no other proof of its person, so no server may carry its approval. */
  private async approve(tx: Tx, wished: NewPasskey, caller: Caller): Promise<PasskeyDto> {
    if (this.rule.isNeeded(caller) && !(await everHadPasskey(tx, wished.person)))
      throw new ApiError(403, FIRST_PASSKEY);
    const { approvedBy } = await this.approvals.approve(tx, demandOf(wished), caller);
    const [now] = await tx.query<{ at: Date }>(
      `SELECT date_trunc('milliseconds', clock_timestamp()) AS at`,
    );
    if (!now) throw new Error('the database returned no time');
    const usableAt = new Date(now.at.getTime() + this.settings.passkeyWaitsHours * HOUR_MS);
    const row = { ...wished, added_at: now.at, usable_at: usableAt, approved_by: approvedBy };
    const seal = sealPasskey(this.seals, row);
    await tx.query(
      'INSERT INTO passkey (credential_id, person, public_key, added_at, usable_at, approved_by, seal) VALUES ($1, $2, $3, $4, $5, $6, $7)',
      [
        row.credential_id,
        row.person,
        row.public_key,
        now.at.toISOString(),
        usableAt.toISOString(),
        approvedBy,
        seal,
      ],
    );
    return viewOf({ ...row, seal, uses: '0', revoked_at: null, is_usable: false });
  }

  private async credentialIn(
    registration: object,
    person: string,
  ): Promise<Omit<NewPasskey, 'person'> & { readonly challenge: string }> {
    let signed = '';
    const verified = await verifyRegistrationResponse({
      response: registration as Registration,
      expectedChallenge: (challenge) => this.isChallengeFor(person, (signed = challenge)),
      expectedOrigin: [...this.settings.passkeyOrigins],
      expectedRPID: this.settings.passkeyRpId,
      requireUserVerification: true,
    }).catch((error: Error) => {
      throw ApiError.invalid([`registration: ${error.message}`]);
    });
    if (!verified.verified) throw ApiError.invalid(['registration: the signature is wrong']);
    const { id, publicKey } = verified.registrationInfo.credential;
    const public_key = Buffer.from(publicKey).toString('base64url');
    return { credential_id: id, public_key, challenge: signed };
  }

  /** The challenge needs no row: it states its own end, under a seal of the service. */
  private challengeFor(person: string): string {
    const until = String(this.unitOfWork.database.clock.now().getTime() + OPTIONS_MS);
    return `${until} ${this.seals.seal(CHALLENGE_KIND, [person, until])}`;
  }

  private isChallengeFor(person: string, challenge: string): boolean {
    const [until = '', seal = ''] = Buffer.from(challenge, 'base64url').toString().split(' ');
    const isTimely = Number(until) > this.unitOfWork.database.clock.now().getTime();
    return isTimely && this.seals.isSealed(CHALLENGE_KIND, [person, until], seal);
  }
}

/** Revoked passkeys count: one token revokes. */
async function everHadPasskey(tx: Tx, person: string): Promise<boolean> {
  const rows = await tx.query<{ person: string }>('SELECT DISTINCT person FROM passkey');
  return rows.some((row) => isSamePersonName(row.person, person));
}

function demandOf(request: NewPasskey) {
  return { action: ADD, target: request.credential_id, request };
}

function viewOf(row: PasskeyRow): PasskeyDto {
  return {
    credential_id: row.credential_id,
    person: row.person,
    added_at: row.added_at.toISOString(),
    usable_at: row.usable_at.toISOString(),
    approved_by: row.approved_by,
    revoked_at: row.revoked_at?.toISOString() ?? null,
  };
}
