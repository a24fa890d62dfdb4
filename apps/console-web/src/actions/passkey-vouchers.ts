import type { PasskeyVouchersDto } from '@sluice/http-api';
import { send } from '../api/prepared-call.js';
import { ledger } from '../api/services.js';
import { serverNow } from '../time/server-clock.js';
import { challengeOf, passkeyCallText, passkeyHeader, type ProvenCall } from './passkey-call.js';
import { askForPasskey, PromptError } from './passkey-prompt.js';

/** Challenge for a passkey, prepared before the person presses the button. */
export interface PreparedProof {
  readonly at: string;
  readonly callText: string;
  readonly challenge: Uint8Array<ArrayBuffer>;
  /** The ledger's word about the person's usable passkeys, for the called service. */
  readonly vouched: PasskeyVouchersDto;
}

/** A prepared proof is renewed after this time; services accept five minutes. */
export const PROOF_LIFE_MS = 90_000;

export async function prepareProof(call: ProvenCall): Promise<PreparedProof> {
  const vouched = await send(ledger.passkeyVouchers(call.service));
  const now = serverNow();
  if (now === null) throw new PromptError('The console does not know the time of its server.');
  const at = new Date(now).toISOString();
  const callText = await passkeyCallText(call, at);
  return { at, callText, challenge: await challengeOf(callText), vouched };
}

/** Asks the person for the passkey, and returns the header of the call. Throws PromptError. */
export async function proofOf({ at, challenge, vouched }: PreparedProof): Promise<string> {
  const { rp_id: rpId, vouchers } = vouched;
  const { credentialId, assertion } = await askForPasskey({
    challenge,
    rpId,
    credentialIds: vouchers.map(({ credential_id }) => credential_id),
  });
  const used = vouchers.find(({ credential_id }) => credential_id === credentialId);
  if (used === undefined) throw new PromptError('The browser answered with another passkey.');
  return passkeyHeader({ at, assertion, voucher: used.voucher });
}
