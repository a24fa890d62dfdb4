import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fillLogin, logInAt, openChromium } from '@sluice/test-servers/chromium';
import type { Browser, BrowserContext, CDPSession, Page } from 'playwright-core';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
/** Script of every page: reports each violation of the Content Security Policy to the test. */
const REPORT_VIOLATIONS = `document.addEventListener('securitypolicyviolation', (event) =>
  reportViolation(['CSP', event.violatedDirective, event.blockedURI, event.sourceFile].join(' ')));`;
/** Frames without a loading part after which a page is complete: a part that came may begin another. */
const UNTIL_SETTLED = `new Promise((done) => {
  const until = performance.now() + 30_000;
  let quiet = 0;
  const next = () => {
    const loading = [...document.querySelectorAll('[aria-busy="true"], [data-loading]')];
    quiet = loading.length === 0 ? quiet + 1 : 0;
    if (quiet > 4) done([]);
    else if (performance.now() > until) done(loading.map((part) => part.textContent));
    else requestAnimationFrame(next);
  };
  next();
})`;
const WCAG_AA = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];

const PASSKEY_BUTTON = 'Use my passkey for exactly this';
const OUTCOME = /^(Done|Requested|Refused|Not sent|Unknown)/;

interface Authenticator {
  readonly devTools: CDPSession;
  readonly authenticatorId: string;
}

interface Faults {
  /** Violations of the Content Security Policy, errors and dialogs of scripts. */
  readonly found: string[];
}

/** A real Chromium without a window. */
export class TestBrowser {
  private constructor(
    private readonly browser: Browser,
    private readonly url: string,
  ) {}

  /** Opens the browser at `executablePath` for the console at `url`. */
  static async open(executablePath: string, url: string): Promise<TestBrowser> {
    return new TestBrowser(await openChromium(executablePath), url);
  }

  get version(): string {
    return this.browser.version();
  }

  /** A person's browser with storage of its own, logged in at the issuer. */
  async person(name: string, password: string, userAgent?: string): Promise<Person> {
    const context = await this.browser.newContext({
      locale: 'en-GB',
      timezoneId: 'Asia/Tokyo',
      ...(userAgent !== undefined && { userAgent }),
    });
    const person = await Person.in(context, this.url, name);
    await person.logIn(password);
    return person;
  }

  async close(): Promise<void> {
    await this.browser.close();
  }
}

/** A person in a browser, with the faults of every page that the person opened. */
export class Person {
  private authenticator: Authenticator | undefined;

  private constructor(
    readonly page: Page,
    readonly name: string,
    readonly url: string,
    private readonly faults: Faults,
  ) {}

  static async in(context: BrowserContext, url: string, name: string): Promise<Person> {
    const page = await context.newPage();
    const faults: Faults = { found: [] };
    await page.exposeFunction('reportViolation', (text: string) => void faults.found.push(text));
    await page.addInitScript({ content: REPORT_VIOLATIONS });
    page.on('pageerror', (error) => void faults.found.push(`script: ${error.message}`));
    page.on('dialog', (dialog) => {
      faults.found.push(`dialog: ${dialog.message()}`);
      void dialog.dismiss();
    });
    return new Person(page, name, url, faults);
  }

  /** Logs in at the issuer, and returns to the address that the person wanted. */
  async logIn(password: string, path = '/'): Promise<void> {
    await logInAt(this.page, { url: this.url, name: this.name, password, path });
  }

  /** Fills the issuer's page, which leads back to the path. */
  signIn(password: string, path: string): Promise<void> {
    return fillLogin(this.page, { url: this.url, name: this.name, password, path });
  }

  async open(path: string): Promise<Page> {
    await this.page.goto(`${this.url}${path}`);
    await this.page.getByRole('main').getByRole('heading', { level: 1 }).waitFor();
    return this.page;
  }

  /** Opens a page as a link of the console does: the console is not loaded again. */
  async go(path: string): Promise<Page> {
    const href = JSON.stringify(path);
    await this.page.evaluate(`__TSR_ROUTER__.navigate({ href: ${href} }).then(() => null)`);
    await this.settled();
    return this.page;
  }

  /** Confirms the open dialog, and the passkey over exactly its call. Returns the service's answer. */
  async confirm(button: string): Promise<string> {
    await this.begin(button);
    return this.prove();
  }

  /** Confirms the open dialog, until it asks for the passkey. */
  async begin(button: string): Promise<void> {
    const dialog = this.page.getByRole('dialog');
    await dialog.getByRole('button', { name: button, exact: true }).click();
    await dialog.getByRole('button', { name: PASSKEY_BUTTON, disabled: false }).waitFor();
  }

  /** Uses the passkey in the open dialog. Returns the service's answer. */
  async prove(): Promise<string> {
    await this.usePasskey();
    return this.answer();
  }

  async usePasskey(): Promise<void> {
    await this.page.getByRole('dialog').getByRole('button', { name: PASSKEY_BUTTON }).click();
  }

  /** The answer of the service in the open dialog. */
  async answer(): Promise<string> {
    const results = this.page.getByRole('dialog').locator('[role=status], [role=alert]');
    const result = results.filter({ hasText: OUTCOME }).last();
    await result.waitFor();
    return (await result.textContent()) ?? '';
  }

  async closeDialog(): Promise<void> {
    const dialog = this.page.getByRole('dialog');
    await dialog.getByRole('button', { name: 'Close', exact: true }).click();
    await dialog.waitFor({ state: 'detached' });
  }

  /** The visible text of the page, without blanks and with the content of every closed part. */
  async shownText(): Promise<string> {
    const text = await this.page.evaluate<string>(
      `for (const part of document.querySelectorAll('details')) part.open = true;
       document.body.innerText`,
    );
    return text.replaceAll(/\s/g, '');
  }

  /** A request by hand from the page, with everything that the browser has. */
  async call(
    method: string,
    path: string,
    body?: object,
  ): Promise<{ readonly status: number; readonly text: string }> {
    const request = { method, path, body: body === undefined ? null : JSON.stringify(body) };
    return this.page.evaluate(
      `(async ({ method, path, body }) => {
        const headers = { 'sluice-console': '1', 'content-type': 'application/json' };
        const answer = await fetch('/api/services/' + path, { method, headers, body });
        return { status: answer.status, text: await answer.text() };
      })(${JSON.stringify(request)})`,
    );
  }

  /** Waits until no part of the page is loading. Streams stay open, so the network never rests. */
  async settled(): Promise<void> {
    const loading = await this.page.evaluate<readonly string[]>(UNTIL_SETTLED);
    if (loading.length > 0) throw new Error(`still loading: ${loading.join(', ')}`);
  }

  /** Ends every session of this person, as "log out everywhere" does. */
  async endSessions(): Promise<void> {
    await this.page.evaluate(
      `fetch('/api/sessions', { method: 'DELETE', headers: { 'sluice-console': '1' } })`,
    );
  }

  /** Another tab of the same browser, with the session and the passkeys of the person. */
  async secondTab(): Promise<Person> {
    const tab = await Person.in(this.page.context(), this.url, this.name);
    await tab.addAuthenticator();
    await tab.takePasskeysOf(this);
    return tab;
  }

  /** Adds an authenticator that confirms each request of this page. */
  async addAuthenticator(): Promise<void> {
    const devTools = await this.page.context().newCDPSession(this.page);
    await devTools.send('WebAuthn.enable');
    const { authenticatorId } = await devTools.send('WebAuthn.addVirtualAuthenticator', {
      options: {
        protocol: 'ctap2',
        transport: 'internal',
        hasResidentKey: true,
        hasUserVerification: true,
        isUserVerified: true,
        automaticPresenceSimulation: true,
      },
    });
    this.authenticator = { devTools, authenticatorId };
  }

  /**
   * Takes over the passkeys of another tab, because each tab has an authenticator of its own. The
   * counts of uses go on, as in one authenticator.
   */
  async takePasskeysOf(other: Person): Promise<void> {
    const [own, from] = [this.authenticator, other.authenticator];
    if (own === undefined || from === undefined) throw new Error('a tab has no authenticator');
    const { authenticatorId } = own;
    const { credentials } = await from.devTools.send('WebAuthn.getCredentials', {
      authenticatorId: from.authenticatorId,
    });
    await own.devTools.send('WebAuthn.clearCredentials', { authenticatorId });
    for (const one of credentials) {
      const credential = { ...one, signCount: one.signCount + 100 };
      await own.devTools.send('WebAuthn.addCredential', { authenticatorId, credential });
    }
  }

  /** Cookie of the session, as the browser sends it. */
  async cookie(): Promise<string> {
    const cookies = await this.page.context().cookies(this.url);
    const session = cookies.find(({ name }) => name === '__Host-sluice-console');
    return `${session?.name ?? ''}=${session?.value ?? ''}`;
  }

  /** Returns the accessibility faults of the present page, or of a part of it, by WCAG 2.2 AA. */
  async accessibilityFaults(part = 'html'): Promise<readonly string[]> {
    if (!(await this.page.evaluate<boolean>('"axe" in window'))) await this.page.evaluate(AXE);
    const options = { runOnly: WCAG_AA, resultTypes: ['violations'] };
    const run = `axe.run(${JSON.stringify(part)}, ${JSON.stringify(options)})`;
    const { violations } = await this.page.evaluate<{
      violations: { id: string; nodes: { target: string[] }[] }[];
    }>(run);
    return violations.flatMap(({ id, nodes }) =>
      nodes.map(({ target }) => `${id}: ${target.join(' ')}`),
    );
  }

  /** Returns and forgets the faults so far: violations of the CSP and errors of scripts. */
  takeFaults(): readonly string[] {
    return this.faults.found.splice(0);
  }
}
