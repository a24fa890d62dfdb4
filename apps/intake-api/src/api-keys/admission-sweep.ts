import {
  Injectable,
  type BeforeApplicationShutdown,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import { InjectLogger, type Logger } from '@sluice/service-shell';
import { AdmissionStore } from './admission.js';

const SWEEP_MS = 30_000;

/** Empties the old end of the replay store for as long as the service runs. */
@Injectable()
export class AdmissionSweep implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly admission: AdmissionStore,
    @InjectLogger() private readonly logger: Logger,
  ) {}

  onApplicationBootstrap(): void {
    this.timer = setInterval(
      () =>
        void this.admission
          .sweep()
          .catch((error: unknown) => this.logger.warn({ err: error }, 'replay store not swept')),
      SWEEP_MS,
    );
  }

  beforeApplicationShutdown(): void {
    clearInterval(this.timer);
  }
}
