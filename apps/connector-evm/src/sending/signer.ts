import { Injectable } from '@nestjs/common';
import { AdminError, ServiceAdmin, type AdminTarget } from '@sluice/admin-client';
import { ServiceCredential } from '@sluice/callers';
import { InjectConfig, InjectPlatform, type Platform } from '@sluice/service-shell';
import {
  SignerClient,
  type ClosedWithdrawalDto,
  type GivenNonceDto,
  type SignatureRequestDto,
  type SignOutcome,
} from '@sluice/signer-api';
import { beginCall } from '@sluice/tracing';
import type { EvmConfig } from '../config.js';

const WITHIN_MS = 10_000;

/** Who calls, and the clock by which its tokens are made. */
interface Caller {
  readonly name: string;
  readonly clock: Pick<Platform['clock'], 'now'>;
}

/** The signer as this service calls it: with a credential of its own. This process has no key of any wallet. */
@Injectable()
export class Signer {
  private readonly client: SignerClient;
  private readonly admin: ServiceAdmin;

  constructor(
    @InjectConfig() config: Pick<EvmConfig, 'signerUrl' | 'serviceKey' | 'internalCaFile'>,
    @InjectPlatform() { name, clock }: Caller,
  ) {
    const credential = new ServiceCredential(name, 'signer', config.serviceKey, () => clock.now());
    const target = {
      ...{ service: 'signer', baseUrl: config.signerUrl, timeoutMs: WITHIN_MS },
      token: () => credential.token(),
      ...(config.internalCaFile !== null && { caFile: config.internalCaFile }),
    };
    this.client = new SignerClient({ ...target, beginSpan });
    this.admin = new ServiceAdmin(target);
  }

  /** The same request always gets the same answer, however often it is asked. */
  sign(request: SignatureRequestDto): Promise<SignOutcome> {
    return this.client.sign(request);
  }

  /** The nonces that these withdrawals have; one that is not among them was never signed. Throws AdminError where that cannot be said. */
  given(withdrawalIds: readonly string[]): Promise<readonly GivenNonceDto[]> {
    return this.client.given(withdrawalIds);
  }

  /** From now on it signs no payment of these, and states that for the ledger. Throws AdminError where it cannot be asked. */
  close(withdrawalIds: readonly string[]): Promise<readonly ClosedWithdrawalDto[]> {
    return this.client.close(withdrawalIds);
  }

  /** Why it cannot be asked, null where it can; and what it finds wrong itself, a sentence each. */
  async readiness(): Promise<{ readonly away: string | null; readonly faults: readonly string[] }> {
    try {
      const { ready, faults } = await this.admin.readiness();
      return { away: null, faults: ready || faults.length > 0 ? faults : ['it is not ready'] };
    } catch (error) {
      if (!(error instanceof AdminError)) throw error;
      return { away: error.message, faults: [] };
    }
  }
}

const beginSpan: NonNullable<AdminTarget['beginSpan']> = (method, url) =>
  beginCall(`${method} signer`, { 'http.request.method': method, 'url.full': url });
