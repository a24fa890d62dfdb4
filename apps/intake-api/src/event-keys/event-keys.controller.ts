import { Controller, Get, Header, UseGuards, UseInterceptors } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import { EnvelopeInterceptor } from '@sluice/http-api';
import { InjectConfig } from '@sluice/service-shell';
import { AddressGuard } from '../api-keys/source-address-limit.js';
import type { IntakeConfig } from '../settings/intake-settings.js';

interface PublishedKey {
  readonly id: string;
  readonly algorithm: 'Ed25519';
  readonly public_key: string;
}

/**
 * Public keys of the events on Kafka, readable without a signature. A reader pins the keys over
 * another channel: a compromised intake-api could publish other keys.
 */
@ApiExcludeController()
@UseGuards(AddressGuard)
@UseInterceptors(EnvelopeInterceptor)
@Controller('v1/event-keys')
export class EventKeysController {
  constructor(
    @InjectConfig()
    private readonly config: Pick<IntakeConfig, 'eventsSigningKey' | 'eventsPublicKeys'>,
  ) {}

  /** The signing key comes first. */
  @Get()
  @Header('cache-control', 'public, max-age=300')
  keys(): { readonly keys: readonly PublishedKey[] } {
    const signing = this.config.eventsSigningKey.publicKey;
    const others = this.config.eventsPublicKeys.filter(({ id }) => id !== signing.id);
    const keys = [signing, ...others].map(({ id, algorithm, publicKey }) => ({
      id,
      algorithm,
      public_key: publicKey,
    }));
    return { keys };
  }
}
