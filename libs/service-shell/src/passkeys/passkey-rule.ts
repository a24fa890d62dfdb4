import { Injectable } from '@nestjs/common';
import type { Caller } from '@sluice/http-api';
import type { Tx } from '@sluice/postgres';
import type { CallerSettings } from '../callers/config.js';
import { InjectConfig } from '../settings/tokens.js';
import { challengeOfCall } from '@sluice/signing';
import { passkeyRequired } from './passkey-source.js';

/** Decides whose part in a decision of two people needs a passkey. Each proof counts once. */
@Injectable()
export class PasskeyRule {
  constructor(
    @InjectConfig() private readonly settings: Pick<CallerSettings, 'clientsWithoutPasskey'>,
  ) {}

  /** True for a token of a client that another person's server may hold, and of no known client. */
  isNeeded({ kind, client }: Caller): boolean {
    return kind === 'person' && !this.settings.clientsWithoutPasskey.includes(client);
  }

  /** Throws 403 if the call needs the caller's passkey and has none. */
  require(caller: Caller, isNeeded = this.isNeeded(caller)): void {
    if (isNeeded && !caller.passkey)
      throw passkeyRequired(`This takes the passkey of ${caller.name} over exactly this call`);
  }

  /**
   * Uses the caller's proof up, in the transaction of the decision. Returns the id of the credential;
   * null if there is none, and none is needed. Throws 403 for a missing or used proof.
   */
  async use(tx: Tx, caller: Caller, isNeeded = this.isNeeded(caller)): Promise<string | null> {
    this.require(caller, isNeeded);
    if (!caller.passkey) return null;
    const { credentialId, text, assertion } = caller.passkey;
    const stored = await tx.query(USE, [
      credentialId,
      challengeOfCall(text),
      text,
      JSON.stringify(assertion),
    ]);
    if (stored.length === 0)
      throw passkeyRequired('The passkey was used for this call already: use it again');
    return credentialId;
  }
}

const USE = `
  INSERT INTO passkey_proof (credential_id, challenge, call, assertion) VALUES ($1, $2, $3, $4)
  ON CONFLICT DO NOTHING RETURNING credential_id`;
