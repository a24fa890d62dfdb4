import { Inject, Injectable } from '@nestjs/common';
import { AdminError, ServiceAdmin, type AdminTarget } from '@sluice/admin-client';
import {
  InjectConfig,
  InjectPlatform,
  Permits,
  type Platform,
  ServiceCredential,
} from '@sluice/service-shell';
import type { Secret } from '@sluice/runtime';
import { beginCall } from '@sluice/runtime/tracing';
import {
  SignerClient,
  type ClosedWithdrawalDto,
  type GivenNonceDto,
  type SignatureRequestDto,
  type SignOutcome,
} from '@sluice/signer-api';

const WITHIN_MS = 10_000;

interface SignerCaller {
  readonly name: string;
  readonly clock: Pick<Platform['clock'], 'now'>;
}

interface SignerSettings {
  readonly signerUrl: string;
  readonly serviceKey: Secret;
  readonly internalCaFile: string | null;
}

interface WalletPermits {
  readonly held: Pick<Permits['held'], 'text'>;
}

/** Client of the signer with a credential of this service. This process holds no wallet key. */
@Injectable()
export class Signer {
  private readonly client: SignerClient;
  private readonly admin: ServiceAdmin;

  constructor(
    @InjectConfig() config: SignerSettings,
    @InjectPlatform() { name, clock }: SignerCaller,
    @Inject(Permits) private readonly permits: WalletPermits,
  ) {
    const credential = new ServiceCredential(name, 'signer', config.serviceKey, () => clock.now());
    const target = {
      service: 'signer',
      baseUrl: config.signerUrl,
      timeoutMs: WITHIN_MS,
      token: () => credential.token(),
      ...(config.internalCaFile !== null && { caFile: config.internalCaFile }),
    };
    this.client = new SignerClient({ ...target, beginSpan });
    this.admin = new ServiceAdmin(target);
  }

  /**
   * Requests a signature, for a payment with the newest permit. The same request gets the same
   * answer.
   */
  sign(request: SignatureRequestDto): Promise<SignOutcome> {
    const permit = request.kind === 'payment' ? this.permits.held.text : null;
    return this.client.sign(permit === null ? request : { ...request, permit });
  }

  /** Requests signatures in batches, and returns an outcome for each request, in order. */
  signAll(requests: readonly SignatureRequestDto[]): Promise<readonly SignOutcome[]> {
    return this.client.signAll(requests, this.permits.held.text);
  }

  /** Nonces of the given withdrawals; none was never signed. Throws AdminError without an answer. */
  given(withdrawalIds: readonly string[]): Promise<readonly GivenNonceDto[]> {
    return this.client.given(withdrawalIds);
  }

  /**
   * Closes withdrawals: the signer signs no more payments of them. Throws AdminError if
   * unavailable.
   */
  close(withdrawalIds: readonly string[]): Promise<readonly ClosedWithdrawalDto[]> {
    return this.client.close(withdrawalIds);
  }

  /** Reason for unavailability (null if available) and the signer's own faults. */
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
