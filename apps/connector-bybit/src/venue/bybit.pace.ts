import { Injectable } from '@nestjs/common';
import { RatePlan, type Logger } from '@sluice/connector-engine';
import { InjectLogger } from '@sluice/service-shell';

const LONGEST_WAIT_MS = 10_000;

/** The rate plan, as far as the client needs it. */
@Injectable()
export class BybitPace {
  constructor(
    private readonly ratePlan: RatePlan,
    @InjectLogger() private readonly logger: Logger,
  ) {}

  /** Waits for the turn of an endpoint; false when that is too far away to wait for. */
  turn(endpoint: string): Promise<boolean> {
    return this.ratePlan.turnWithin(endpoint, LONGEST_WAIT_MS);
  }

  /** Nothing at all is called for so long. */
  async silence(ms: number): Promise<void> {
    this.logger.error(
      { silentForMs: ms },
      'Bybit turns our address away: nothing is called for a while, a person must look',
    );
    // The answer that led here still has to be returned: a pause that could not be stored must not make it unknown.
    await this.ratePlan
      .pauseAll(ms)
      .catch((error: unknown) => this.logger.warn({ err: error }, 'the pause could not be stored'));
  }
}
