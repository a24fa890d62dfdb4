import { Injectable } from '@nestjs/common';
import { SecretBox as Box } from '@sluice/signing';
import { InjectConfig } from '@sluice/service-shell';
import type { IntakeConfig } from '../settings/intake-settings.js';

export type { SealedSecret } from '@sluice/signing';

/** Secret box with the keys of this service's settings. */
@Injectable()
export class SecretBox extends Box {
  constructor(@InjectConfig() { secretsKeks }: Pick<IntakeConfig, 'secretsKeks'>) {
    super(secretsKeks.map((one) => one.reveal()));
  }
}
