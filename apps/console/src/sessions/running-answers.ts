import { Injectable } from '@nestjs/common';
import { ApiError } from '@sluice/http-api';

/** Most answers that one session may have running, streams included. */
const MOST_OF_SESSION = 64;

/** Answers of services on their way to browsers, to be cut when their session ends. */
@Injectable()
export class RunningAnswers {
  private readonly bySession = new Map<string, Set<AbortController>>();

  /** Throws ApiError (429) if the session has too many. */
  begin(sessionId: string): { readonly signal: AbortSignal; readonly done: () => void } {
    const running = this.bySession.get(sessionId) ?? new Set();
    if (running.size >= MOST_OF_SESSION)
      throw new ApiError(429, 'This session has too many requests under way', {
        'retry-after': '5',
      });
    const one = new AbortController();
    this.bySession.set(sessionId, running.add(one));
    const done = (): void => {
      running.delete(one);
      if (running.size === 0 && this.bySession.get(sessionId) === running)
        this.bySession.delete(sessionId);
    };
    return { signal: one.signal, done };
  }

  sessions(): readonly string[] {
    return [...this.bySession.keys()];
  }

  /** Cuts the answers of the asked sessions that are not live. Answers of others began meanwhile. */
  keepLive(asked: readonly string[], live: ReadonlySet<string>): void {
    this.keepOnly((id) => live.has(id) || !asked.includes(id));
  }

  /** Cuts the answers of all other sessions. */
  keepOnly(isKept: (sessionId: string) => boolean): void {
    for (const [id, running] of [...this.bySession])
      if (!isKept(id)) for (const one of running) one.abort();
  }
}
