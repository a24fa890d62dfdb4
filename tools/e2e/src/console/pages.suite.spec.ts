import { randomUUID } from 'node:crypto';
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { eventually } from '@sluice/test-kit';
import { workspaceRoot } from '@sluice/test-servers';
import { numberOf, toAddress, type Customer } from '../testkit/customer.js';
import type { Person } from './testkit/browser.js';
import { PAGES } from './testkit/every-page.js';
import { describeInBrowser } from './testkit/find-chromium.js';
import { sharedConsole, type GivenConsole } from './testkit/given-console.js';

const MARKUP = `<img src=x onerror="alert(1)"><script>alert(2)</script>`;
/** Roles of the people of a local stack: none of these may do more than read. */
const READER = 'audrey';

describeInBrowser('the pages of the console', (chromium) => {
  let given: GivenConsole;
  let customer: Customer;
  let demo: Person;
  let reference: string;
  let number: string;
  beforeAll(async () => {
    given = await sharedConsole.start(chromium);
    customer = await given.sluice.customer({ funds: '1000' });
    reference = `${MARKUP} ${randomUUID()}`;
    const posted = await customer.post(toAddress({ client_reference: reference }));
    number = `${numberOf(posted)}`;
    await customer.reaches(number, ['completed']);
    demo = await given.person('demo');
  });
  afterEach(() => expect(demo.takeFaults()).toEqual([]));

  const everyPage = () => [...PAGES, `/withdrawals/${number}`, `/accounts/${customer.accountId}`];

  it('open without a violation of the CSP or a fault of accessibility in light and dark, and fit into 360 px and a zoom of 200 %', async () => {
    const { page } = demo;
    for (const path of everyPage()) {
      await demo.open(path);
      await demo.settled();
      for (const [colorScheme, width] of [
        ['light', 1280],
        ['light', 640],
        ['dark', 360],
      ] as const) {
        await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
        await page.setViewportSize({ width, height: 900 });
        const faults = width === 640 ? [] : await demo.accessibilityFaults();
        const needed = await page.evaluate<number>('document.documentElement.scrollWidth');
        const found = { path, width, fits: needed <= width, faults, csp: demo.takeFaults() };
        expect(found).toEqual({ path, width, fits: true, faults: [], csp: [] });
      }
    }
    await page.setViewportSize({ width: 1280, height: 900 });
  });

  it('are pictures of docs/console.md', async () => {
    const folder = process.env['SLUICE_SCREENSHOTS'] ?? 'reports/screenshots';
    for (const [name, path] of [
      ['now', '/'],
      ['withdrawals', '/withdrawals'],
      ['withdrawal', `/withdrawals/${number}`],
      ['decide', '/decide'],
    ] as const) {
      const page = await demo.open(path);
      await demo.settled();
      const file = join(workspaceRoot(), folder, `console-${name}.png`);
      await page.screenshot({ path: file });
      expect(statSync(file).size).toBeGreaterThan(10_000);
    }
  });

  it('show a text of a customer as text, and find it by search', async () => {
    const page = await demo.open(`/withdrawals?q=${encodeURIComponent(reference)}`);
    await page.getByRole('link', { name: number }).click();
    await page.getByText(reference).first().waitFor();

    expect(await page.locator('img').count()).toBe(0);
  });

  it('show the amounts of the services digit for digit', async () => {
    const page = await demo.open(`/accounts/${customer.accountId}`);
    await demo.settled();
    const balances = await given.sluice.admin.ledger.balances(customer.accountId);
    const text = ((await page.getByRole('main').textContent()) ?? '').replace(
      /[\s\u202f\u00a0]/g,
      '',
    );
    expect(balances).not.toEqual([]);
    for (const { posted, held } of balances) expect(text).toContain(`${posted}${held}`);
  });

  it('name the role that an action needs, and a call by hand is refused by the service', async () => {
    const reader = await given.person(READER);
    const page = await reader.open('/venues/connector-gateio?part=stops');
    const halt = page.getByRole('button', { name: 'Open a halt' });
    await halt.waitFor();
    expect(await halt.isDisabled()).toBe(true);
    await page
      .getByText(/Needs the role .operate/)
      .first()
      .waitFor();

    const byHand = await reader.call('POST', 'connector-gateio/halts', { details: 'x' });
    expect(byHand.status).toBe(403);
    expect(byHand.text).toContain('it takes the role operate');
  });

  it('never say that nothing is there when a service could not be asked', async () => {
    await given.sluice.system.kill('auditor', 'SIGSTOP');
    try {
      const page = await demo.open('/decide');
      await page.getByText(/auditor could not be asked/).waitFor({ timeout: 30_000 });
      expect(await page.getByText('every service has answered').count()).toBe(0);
    } finally {
      await given.sluice.system.kill('auditor', 'SIGCONT');
    }
  });

  it('say that the session has ended, keep the address, and go on after the login', async () => {
    const reader = await given.person(READER);
    const page = await reader.open('/withdrawals?state=completed');
    await reader.endSessions();
    await page.reload();
    await page
      .getByText(/session (has )?ended|log in/i)
      .first()
      .waitFor();

    expect(page.url()).toContain('/withdrawals?state=completed');
    expect((await reader.call('GET', 'ledger/freezes')).status).toBe(401);
  });

  it('have no token and no secret in the browser', async () => {
    await demo.open('/');
    const kept = await demo.page.evaluate<string>(
      'document.cookie + JSON.stringify(localStorage) + JSON.stringify(sessionStorage)',
    );

    expect(kept).not.toMatch(/eyJ|Bearer|token/i);
  });

  it('show a new withdrawal by themselves', async () => {
    const page = await demo.open('/withdrawals');
    await demo.settled();
    const next = `${numberOf(await customer.post(toAddress()))}`;

    await page.getByRole('link', { name: next }).waitFor({ timeout: 20_000 });
    await customer.reaches(next, ['completed']);
    await eventually(
      async () =>
        expect(await page.getByRole('row', { name: new RegExp(next) }).textContent()).toContain(
          'completed',
        ),
      { withinMs: 20_000 },
    );
  });
});
