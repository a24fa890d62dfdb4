import {
  Injectable,
  type BeforeApplicationShutdown,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import { BackgroundLoop } from '@sluice/runtime';
import { InjectLogger, type Logger } from '@sluice/service-shell';
import { AdmissionStore } from './admission.js';

const SWEEP_MS = 30_000;

/** Deletes expired entries of the replay store every 30 s for as long as the service runs. */
@Injectable()
export class AdmissionSweep implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly loop: BackgroundLoop;

  constructor(admission: AdmissionStore, @InjectLogger() logger: Logger) {
    this.loop = BackgroundLoop.every(SWEEP_MS, 'sweep of the replay store', logger, () =>
      admission.sweep(),
    );
  }

  onApplicationBootstrap(): void {
    this.loop.start();
  }

  beforeApplicationShutdown(): Promise<void> {
    return this.loop.stop();
  }
}
