import { Injectable } from '@nestjs/common';
import { ServiceCredential } from '@sluice/callers';
import { InjectConfig, InjectPlatform, type Platform } from '@sluice/service-shell';
import {
  SignerClient,
  type GivenNonceDto,
  type SignatureRequestDto,
  type SignOutcome,
} from '@sluice/signer-api';
import { beginCall } from '@sluice/tracing';
import type { EvmConfig } from '../config.js';

const WITHIN_MS = 10_000;

/** The signer as this service calls it: with a credential of its own. This process has no key of any wallet. */
@Injectable()
export class Signer {
  private readonly client: SignerClient;

  constructor(
    @InjectConfig() config: Pick<EvmConfig, 'signerUrl' | 'serviceKey' | 'internalCaFile'>,
    @InjectPlatform() { name, clock }: Pick<Platform, 'name' | 'clock'>,
  ) {
    const credential = new ServiceCredential(name, 'signer', config.serviceKey, () => clock.now());
    this.client = new SignerClient({
      ...{ service: 'signer', baseUrl: config.signerUrl, timeoutMs: WITHIN_MS },
      token: () => credential.token(),
      beginSpan: (method, url) =>
        beginCall(`${method} signer`, { 'http.request.method': method, 'url.full': url }),
      ...(config.internalCaFile !== null && { caFile: config.internalCaFile }),
    });
  }

  /** The same request always gets the same answer, however often it is asked. */
  sign(request: SignatureRequestDto): Promise<SignOutcome> {
    return this.client.sign(request);
  }

  /** The nonces that these withdrawals have; one that is not among them was never signed. Throws AdminError where that cannot be said. */
  given(withdrawalIds: readonly string[]): Promise<readonly GivenNonceDto[]> {
    return this.client.given(withdrawalIds);
  }
}
