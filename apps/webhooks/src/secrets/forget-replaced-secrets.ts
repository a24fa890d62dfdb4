import { Injectable } from '@nestjs/common';
import { BackgroundLoop } from '@sluice/runtime';
import { Database } from '@sluice/postgres';
import { InjectLogger, LoopingService, type Logger } from '@sluice/service-shell';

const EVERY_MS = 60_000;

/** Removes replaced secrets after the end of their signing time. */
@Injectable()
export class ForgetReplacedSecrets extends LoopingService {
  protected readonly loop: BackgroundLoop;

  constructor(
    private readonly database: Database,
    @InjectLogger() logger: Logger,
  ) {
    super();
    this.loop = BackgroundLoop.every(EVERY_MS, 'forget replaced secrets', logger, () =>
      this.forget(),
    );
  }

  async forget(): Promise<void> {
    await this.database.query(FORGET, []);
  }
}

const FORGET = `
  UPDATE webhook SET previous_sealed = NULL, previous_until = NULL WHERE previous_until <= clock_timestamp()`;
