import type { OnModuleDestroy } from '@nestjs/common';
import type { Logger } from '@sluice/service-shell';
import type { AdmissionStore } from './admission.js';

const SWEEP_MS = 30_000;

/** Empties the old end of the replay store for as long as the service runs. */
export class AdmissionSweep implements OnModuleDestroy {
  private readonly timer: NodeJS.Timeout;

  constructor(admission: AdmissionStore, logger: Logger) {
    this.timer = setInterval(
      () =>
        void admission
          .sweep()
          .catch((error: unknown) => logger.warn({ err: error }, 'replay store not swept')),
      SWEEP_MS,
    );
  }

  onModuleDestroy(): void {
    clearInterval(this.timer);
  }
}
