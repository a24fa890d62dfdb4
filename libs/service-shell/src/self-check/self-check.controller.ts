import { Get, Inject } from '@nestjs/common';
import { ApiOperation } from '@nestjs/swagger';
import {
  AdminController,
  Answers,
  type KeyPrintDto,
  Requires,
  ROLES,
  SelfCheckDto,
} from '@sluice/http-api';
import type { MessageKeys } from '@sluice/signing';
import { Database } from '@sluice/postgres';
import type { ServiceConfig } from '../settings/config.js';
import { kafkaLoginName } from '../settings/kafka-settings.js';
import type { Platform } from '../platform/platform.js';
import { CONFIG, InjectMessageKeys, InjectPlatform } from '../settings/tokens.js';
import { SelfChecks } from './self-checks.js';

/**
 * Reports problems in the service's surroundings, found with credentials reserved to the service
 * (docs/adr/0014-availability-and-self-checks.md).
 */
@AdminController('self-check')
export class SelfCheckController {
  constructor(
    private readonly checks: SelfChecks,
    private readonly database: Database,
    @InjectPlatform() private readonly platform: Platform,
    @InjectMessageKeys() private readonly keys: MessageKeys,
    @Inject(CONFIG) private readonly config: ServiceConfig & { readonly oidcClientId?: string },
  ) {}

  @Get()
  @ApiOperation({
    summary: 'Faults that the service finds in its environment with its own credentials',
  })
  @Requires(...ROLES)
  @Answers(SelfCheckDto)
  async selfCheck(): Promise<SelfCheckDto> {
    const report = await this.checks.run();
    const { host, pathname, username } = new URL(this.config.databaseUrl.reveal());
    return {
      service: this.platform.name,
      version: this.config.version,
      time_ms: this.database.clock.now().getTime(),
      ...report,
      identity: {
        database: `${host}${pathname}`,
        database_login: decodeURIComponent(username),
        kafka_login: kafkaLoginName(this.config),
        oidc_client: this.config.oidcClientId ?? null,
      },
      clients_without_passkey: this.config.clientsWithoutPasskey,
      message_keys: this.keys.names().flatMap((name) => printsOf(this.keys, name)),
    };
  }
}

function printsOf(keys: MessageKeys, name: string): readonly KeyPrintDto[] {
  return keys
    .with(name)
    .prints()
    .map(({ id, print }, index) => ({ shared_with: name, id, signs: index === 0, print }));
}
