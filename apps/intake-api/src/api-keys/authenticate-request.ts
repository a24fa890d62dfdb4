import { Injectable } from '@nestjs/common';
import type { Permission } from '@sluice/http-api';
import { Database } from '@sluice/postgres';
import { LOOK_UP_WITHIN_MS, withDeadline } from '../http/deadline.js';
import { AdmissionStore } from './admission.js';
import { authenticate, type ReceivedRequest } from './authenticator.js';
import { KeyStore } from './key-store.js';

/** Authenticates a request with the stored keys, within the time limit of a look-up. */
@Injectable()
export class AuthenticateRequest {
  constructor(
    private readonly keys: KeyStore,
    private readonly admission: AdmissionStore,
    private readonly database: Database,
  ) {}

  run(request: ReceivedRequest, permission: Permission | null) {
    const proving = authenticate(request, permission, {
      findKey: (keyId) => this.keys.find(keyId),
      admit: (attempt) => this.admission.admit(attempt),
      now: () => this.database.clock.now().getTime(),
    });
    return withDeadline(proving, LOOK_UP_WITHIN_MS, 'unavailable');
  }
}
