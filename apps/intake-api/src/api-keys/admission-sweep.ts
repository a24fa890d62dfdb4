import { Injectable } from '@nestjs/common';
import { BackgroundLoop } from '@sluice/runtime';
import { InjectLogger, LoopingService, type Logger } from '@sluice/service-shell';
import { AdmissionStore } from './admission.js';

const SWEEP_MS = 30_000;

/** Deletes expired entries of the replay store every 30 s for as long as the service runs. */
@Injectable()
export class AdmissionSweep extends LoopingService {
  protected readonly loop: BackgroundLoop;

  constructor(admission: AdmissionStore, @InjectLogger() logger: Logger) {
    super();
    this.loop = BackgroundLoop.every(SWEEP_MS, 'sweep of the replay store', logger, () =>
      admission.sweep(),
    );
  }
}
