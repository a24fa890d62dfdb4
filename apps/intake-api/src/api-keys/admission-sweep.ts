import type { OnModuleDestroy } from '@nestjs/common';
import { BackgroundLoop } from '@sluice/background';
import type { Logger } from '@sluice/service-shell';
import type { AdmissionStore } from './admission.js';

const SWEEP_MS = 30_000;

/** Empties the old end of the replay store for as long as the service runs. */
export class AdmissionSweep implements OnModuleDestroy {
  private readonly loop: BackgroundLoop;

  constructor(admission: AdmissionStore, logger: Logger) {
    this.loop = BackgroundLoop.every(SWEEP_MS, 'sweep of the replay store', logger, () =>
      admission.sweep(),
    );
    this.loop.start();
  }

  onModuleDestroy(): Promise<void> {
    return this.loop.stop();
  }
}
