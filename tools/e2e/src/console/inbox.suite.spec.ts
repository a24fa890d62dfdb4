import { describeInBrowser } from './testkit/find-chromium.js';
import { sharedConsole } from './testkit/given-console.js';

const OLDEST_MS = 5_000;
/** Time for the request of the test itself and for the drawing of the page. */
const MARGIN_MS = 1_500;

describeInBrowser('the inbox of the console', (chromium) => {
  it('shows a request within five seconds, without a reload, and names a webhook whose secret it must not see', async () => {
    const given = await sharedConsole.start(chromium);
    const { accountId: account } = await given.sluice.customer();
    const audrey = await given.person('audrey');
    const page = await audrey.open('/decide');
    await audrey.settled();
    const url = 'http://127.0.0.1:9/asked-by-command';

    await given.sluice.admin.webhooks.createWebhook({
      account,
      url,
      events: ['withdrawal.confirmed'],
    });

    await page
      .getByText(url)
      .first()
      .waitFor({ timeout: OLDEST_MS + MARGIN_MS });
    await audrey.open(`/accounts/${account}?part=webhooks`);
    await page.getByText('its secret may not pass this server').waitFor();
    expect(await page.getByRole('button', { name: 'Create a webhook' }).count()).toBe(0);
    expect(audrey.takeFaults()).toEqual([]);
  });
});
