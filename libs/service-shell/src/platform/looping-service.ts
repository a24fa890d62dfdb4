import type { BeforeApplicationShutdown, OnApplicationBootstrap } from '@nestjs/common';
import type { BackgroundLoop } from '@sluice/runtime';

/** Provider whose loop runs from the start to the stop of the application. */
export abstract class LoopingService implements OnApplicationBootstrap, BeforeApplicationShutdown {
  protected abstract readonly loop: BackgroundLoop;

  onApplicationBootstrap(): void {
    this.loop.start();
  }

  beforeApplicationShutdown(): Promise<void> {
    return this.loop.stop();
  }
}
