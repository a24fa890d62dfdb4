// The suites share a system, because a start costs 20 s of a core. Two publish a policy for their customer.
import './pages.suite.spec.js';
import './facts.suite.spec.js';
import './decisions.suite.spec.js';
import './inbox.suite.spec.js';
import './faults.suite.spec.js';
import './deviation.suite.spec.js';
import './planted.suite.spec.js';
import './access.suite.spec.js';
import './keyboard.suite.spec.js';
import { describeInBrowser } from './testkit/find-chromium.js';
import { sharedConsole } from './testkit/given-console.js';

describeInBrowser('the browser of the suites', (chromium) => {
  it('is a Chromium, whose version stands in the report', async () => {
    const { browser } = await sharedConsole.start(chromium);
    console.info(`Chromium ${browser.version} at ${chromium}`);

    expect(browser.version).toMatch(/^\d+[.]\d+/);
  });
});

afterAll(() => sharedConsole.stop());
