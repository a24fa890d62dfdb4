import { Injectable } from '@nestjs/common';
import { Health, InjectLogger, LoopingService, type Logger } from '@sluice/service-shell';
import { BackgroundLoop, monotonicMs } from '@sluice/runtime';
import { Issuer } from '../issuer/issuer.js';
import { RunningAnswers } from './running-answers.js';
import { Sessions, type EndCause, type EndedSession, type LiveSession } from './sessions.js';

const LOOK_EVERY_MS = 1_000;
const END_OLD_EVERY_MS = 30_000;

/** Ends sessions, with their running answers in this process and, by the loop, in the others. */
@Injectable()
export class SessionEnds extends LoopingService {
  protected readonly loop: BackgroundLoop;
  private endedOldMs = -Infinity;

  constructor(
    private readonly sessions: Sessions,
    private readonly running: RunningAnswers,
    private readonly issuer: Issuer,
    private readonly health: Health,
    @InjectLogger() private readonly logger: Logger,
  ) {
    super();
    this.loop = BackgroundLoop.every(LOOK_EVERY_MS, 'ends of sessions', logger, () => this.look());
  }

  /** Ends sessions at once. The issuer learns of it afterwards, and may be away. */
  async end(sessions: readonly LiveSession[], by: string, because: EndCause): Promise<number> {
    const ended = await this.sessions.end(sessions, by, because);
    this.running.keepOnly((id) => !sessions.some((one) => one.id === id));
    this.tell(ended);
    return ended.length;
  }

  /** Ends the sessions past their idle time or their life, in the same way. */
  async endOld(): Promise<void> {
    this.tell(await this.sessions.endOld());
  }

  private tell(ended: readonly EndedSession[]): void {
    for (const { id, person, by, because, tokens } of ended) {
      if (tokens !== null) void this.issuer.revoke(tokens);
      this.logger.info({ session: id, person, by, because }, 'a session ended');
    }
  }

  private async look(): Promise<void> {
    if (this.health.draining) return this.running.keepOnly(() => false);
    try {
      const asked = this.running.sessions();
      if (asked.length > 0) this.running.keepLive(asked, await this.sessions.liveAmong(asked));
    } catch (error) {
      this.running.keepOnly(() => false); // a session that cannot be checked has no running answer
      throw error;
    }
    if (monotonicMs() - this.endedOldMs < END_OLD_EVERY_MS) return;
    this.endedOldMs = monotonicMs();
    await this.endOld();
  }
}
