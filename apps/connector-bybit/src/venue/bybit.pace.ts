import { Injectable } from '@nestjs/common';
import { RatePlan, type Logger } from '@sluice/connector-engine';
import { InjectLogger } from '@sluice/service-shell';

const LONGEST_WAIT_MS = 10_000;

/** The part of the rate plan needed by the client. */
@Injectable()
export class BybitPace {
  constructor(
    private readonly ratePlan: RatePlan,
    @InjectLogger() private readonly logger: Logger,
  ) {}

  /** Waits for the endpoint's turn. Returns false if the wait is longer than acceptable. */
  turn(endpoint: string): Promise<boolean> {
    return this.ratePlan.turnWithin(endpoint, LONGEST_WAIT_MS);
  }

  /** Stops all calls for `ms` milliseconds. */
  async silence(ms: number): Promise<void> {
    this.logger.error(
      { silentForMs: ms },
      'Bybit has blocked the IP address of this service: calls are paused until an operator has checked it',
    );
    // The triggering answer must still be returned: a failed write of the pause must not make the
    // outcome unknown.
    await this.ratePlan
      .pauseAll(ms, 'Bybit has blocked the IP address of this service')
      .catch((error: unknown) =>
        this.logger.warn({ err: error }, 'the database did not store the pause of Bybit calls'),
      );
  }
}
