import type { verifyAuthenticationResponse } from '@simplewebauthn/server';
import {
  type AdminRequest,
  ApiError,
  type Caller,
  type PasskeyProof,
  type PasskeyProofs,
  rawBodyOf,
} from '@sluice/http-api';
import { challengeOfCall, PASSKEY_HEADER, passkeyCallText } from '@sluice/signing';
import { readPasskeyHeader } from './passkey-header.js';
import { type KnownPasskey, passkeyRequired, type PasskeySource } from './passkey-source.js';

type Assertion = Parameters<typeof verifyAuthenticationResponse>[0]['response'];

/** Tolerated difference between the person's computer and the database clock. */
const AGE_MS = 300_000;

/** Verifies that a person's passkey has signed exactly this call to this service. */
export class ProvenPasskeys implements PasskeyProofs {
  /** `now`: the database's time. */
  constructor(
    private readonly service: string,
    private readonly source: PasskeySource,
    private readonly now: () => Date,
  ) {}

  async verify(request: AdminRequest, caller: Caller): Promise<PasskeyProof | null> {
    const header = request.headers[PASSKEY_HEADER];
    if (header === undefined || caller.kind !== 'person') return null;
    const { at, assertion, credentialId, voucher } = readPasskeyHeader(String(header));
    const ageMs = this.now().getTime() - Date.parse(at);
    // also true for a time that is none, such as 25:00
    if (!(Math.abs(ageMs) <= AGE_MS))
      throw passkeyRequired(
        'The passkey was used too long ago, or the clock of your computer is wrong',
      );
    const passkey = await this.source.find({ credentialId, voucher }, caller);
    const { method, url: target } = request;
    const body = rawBodyOf(request);
    const text = passkeyCallText({ service: this.service, method, target, body, at });
    await this.source.use(credentialId, await usesAfter(passkey, assertion, text));
    return { credentialId, text, assertion };
  }
}

/** Verifies the signature. The library verifies origin, domain, the person's presence and the counter. */
async function usesAfter(
  { credentialId, publicKey, uses, rpId, origins }: KnownPasskey,
  assertion: object,
  text: string,
): Promise<number> {
  // loaded with the first passkey: most processes never verify one
  const { verifyAuthenticationResponse } = await import('@simplewebauthn/server');
  const { verified, authenticationInfo } = await verifyAuthenticationResponse({
    response: assertion as Assertion,
    expectedChallenge: challengeOfCall(text),
    expectedOrigin: [...origins],
    expectedRPID: rpId,
    requireUserVerification: true,
    credential: {
      id: credentialId,
      publicKey: new Uint8Array(Buffer.from(publicKey, 'base64url')),
      counter: uses,
    },
  }).catch((error: Error) => {
    throw new ApiError(403, `The passkey does not prove this call: ${error.message}`);
  });
  if (!verified) throw new ApiError(403, 'The passkey does not prove this call: wrong signature');
  return authenticationInfo.newCounter;
}
