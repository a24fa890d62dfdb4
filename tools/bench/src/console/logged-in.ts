import { DEMO_PERSON, type System } from '@sluice/stack';
import { SetupError } from '@sluice/test-servers';
import { findChromium, logInAt, openChromium } from '@sluice/test-servers/chromium';
import type { Browser, BrowserContext } from 'playwright-core';

/** A real Chromium with one session of a person with every role. */
export class LoggedIn {
  private constructor(
    private readonly browser: Browser,
    readonly url: string,
    private readonly session: Awaited<ReturnType<BrowserContext['storageState']>>,
  ) {}

  static async open({ run, issuer }: System): Promise<LoggedIn> {
    const path = findChromium();
    if (path === null)
      throw new SetupError('there is no Chromium in PATH, and CHROMIUM_PATH is not set');
    const { console_url: url = '' } = run;
    const browser = await openChromium(path);
    const context = await browser.newContext();
    const page = await context.newPage();
    const password = issuer.people[DEMO_PERSON] ?? '';
    await logInAt(page, { url, name: DEMO_PERSON, password });
    const session = await context.storageState();
    await context.close();
    return new LoggedIn(browser, url, session);
  }

  /** Storage with the session, an empty cache, and a process of its own for its tabs. */
  freshContext(): Promise<BrowserContext> {
    return this.browser.newContext({ storageState: this.session });
  }

  /** Headers of a call by the console's page. */
  get headers(): Readonly<Record<string, string>> {
    const cookies = this.session.cookies.map(({ name, value }) => `${name}=${value}`);
    return { cookie: cookies.join('; '), 'sluice-console': '1' };
  }

  close(): Promise<void> {
    return this.browser.close();
  }
}
