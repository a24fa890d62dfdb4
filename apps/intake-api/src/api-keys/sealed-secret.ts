import { Injectable } from '@nestjs/common';
import { SecretBox as Box } from '@sluice/signing';
import { InjectConfig } from '@sluice/service-shell';
import type { IntakeConfig } from '../settings/intake-settings.js';

export type { SealedSecret } from '@sluice/signing';

@Injectable()
export class SecretBox extends Box {
  constructor(@InjectConfig() { secretsKeks }: Pick<IntakeConfig, 'secretsKeks'>) {
    super(secretsKeks.map((one) => one.reveal()));
  }
}
