import { Injectable } from '@nestjs/common';
import type { Permission } from '@sluice/http-api';
import { ok, type Result } from '@sluice/kernel';
import { Database } from '@sluice/postgres';
import { DeadlineError, LOOK_UP_WITHIN_MS, withDeadline } from '../http/deadline.js';
import { AdmissionStore, type SignedAttempt } from './admission.js';
import { authenticate, type AuthenticationRefusal, type ReceivedRequest } from './authenticator.js';
import { KeyStore, type ApiKey } from './key-store.js';
import { inReleaseTime } from './signature-use.js';

interface Authenticated {
  readonly apiKey: ApiKey;
  /** Makes the signature new again. Never rejects. */
  readonly releaseSignature: () => Promise<void>;
}

/** Authenticates a request with the stored keys, within the time limit of a look-up. */
@Injectable()
export class AuthenticateRequest {
  constructor(
    private readonly keys: KeyStore,
    private readonly admission: AdmissionStore,
    private readonly database: Database,
  ) {}

  /**
   * Throws DeadlineError, or the fault of the database. The request has stored nothing then, and its
   * signature is released as soon as the database can tell.
   */
  async run(
    request: ReceivedRequest,
    permission: Permission | null,
  ): Promise<Result<Authenticated, AuthenticationRefusal>> {
    let attempt: SignedAttempt | null = null;
    const releaseSignature = async (): Promise<void> => {
      if (attempt !== null) await this.admission.release(attempt);
    };
    const proving = authenticate(request, permission, {
      findKey: (keyId) => this.keys.find(keyId),
      admit: (signed) => {
        attempt = signed;
        return this.admission.admit(signed);
      },
      now: () => this.database.clock.now().getTime(),
    });
    try {
      const proven = await withDeadline(proving, LOOK_UP_WITHIN_MS, 'unavailable');
      return proven.ok ? ok({ apiKey: proven.value, releaseSignature }) : proven;
    } catch (error) {
      const releasing = proving.then(releaseSignature, releaseSignature);
      if (!(error instanceof DeadlineError)) await inReleaseTime(releasing);
      throw error;
    }
  }
}
