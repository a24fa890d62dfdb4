import type { Page } from 'playwright-core';

/** Changes of a page that are held in the browser until their release. */
export class HeldCall {
  private readonly opened = Promise.withResolvers<void>();
  private readonly released = Promise.withResolvers<void>();
  private readonly ended = Promise.withResolvers<void>();
  private count = 0;

  private constructor(
    private readonly page: Page,
    private readonly url: RegExp,
  ) {}

  /**
   * Holds changes at the address. `request`: the request never leaves the browser. `answer`: the
   * service has answered, and the page waits for the answer.
   */
  static async on(page: Page, url: RegExp, held: 'request' | 'answer'): Promise<HeldCall> {
    const call = new HeldCall(page, url);
    await page.route(url, async (route) => {
      if (route.request().method() === 'GET') return route.fallback();
      call.count += 1;
      const response = held === 'answer' ? await route.fetch() : null;
      call.opened.resolve();
      await call.released.promise;
      const ended = response === null ? route.abort() : route.fulfill({ response });
      await ended.catch(() => undefined); // the page may have gone
      call.ended.resolve();
    });
    return call;
  }

  /** Resolves while the page waits for the answer. */
  get isOpen(): Promise<void> {
    return this.opened.promise;
  }

  /** Lets the page have the answer, or the loss of the request. Returns the number of sent changes. */
  async release(): Promise<number> {
    this.released.resolve();
    // Without its route, a call that is still held would be sent once more.
    if (this.count > 0) await this.ended.promise;
    await this.page.unroute(this.url);
    return this.count;
  }
}
