import { eventually } from '@sluice/test-kit';
import { numberOf, recipientOf, toAddress, type Customer } from '../testkit/customer.js';
import type { Person } from './testkit/browser.js';
import { describeInBrowser } from './testkit/find-chromium.js';
import { sharedConsole, type GivenConsole } from './testkit/given-console.js';

/** A connector that sends at most 900 USDT per payment. */
const LOWERED = { CEILINGS: JSON.stringify({ USDT: { call: '900' } }) };

describeInBrowser('a deviation in the console', (chromium) => {
  let given: GivenConsole;
  let customer: Customer;
  let olivia: Person;
  let peter: Person;
  beforeAll(async () => {
    given = await sharedConsole.start(chromium);
    customer = await given.sluice.customer({ funds: '2000' });
    [olivia, peter] = await given.deciders();
    await given.sluice.restartWith('connector-gateio', LOWERED);
  });
  afterAll(async () => {
    expect([...olivia.takeFaults(), ...peter.takeFaults()]).toEqual([]);
    await given.sluice.proveBooks();
  });

  const connector = () => given.sluice.admin.connector('gateio');
  const openBreaks = async () =>
    (await connector().breaks()).filter(({ closed_at: at }) => at === null);

  it('is found in the inbox, read, closed by one person, and its halt is lifted by two', async () => {
    const above = toAddress({ amount: '950' });
    const number = numberOf(await customer.post(above));
    const found = await eventually(
      async () => {
        const [first] = await openBreaks();
        if (first === undefined) throw new Error('no deviation is open');
        return first;
      },
      { withinMs: 30_000, everyMs: 100 },
    );
    const behind = toAddress({ amount: '20' });
    const waiting = numberOf(await customer.post(behind));

    const stops = await peter.open('/venues/connector-gateio?part=stops');
    const rowOf = (table: string) =>
      stops.locator(`[aria-label="Table: ${table}"] th[scope="row"]:text-is("${found.id}")`);
    await rowOf('Open breaks').waitFor();
    expect(await rowOf('Closed breaks').count()).toBe(0);

    const page = await olivia.open('/decide');
    await page.getByRole('link', { name: /deviates from our orders .ceiling/ }).click();
    await page
      .getByRole('heading', { level: 1, name: `deviation of a venue ${found.id}` })
      .waitFor();
    await page.getByRole('heading', { name: 'The order to the venue' }).waitFor();
    const evidence = await olivia.shownText();
    for (const fact of [found.details, '950', recipientOf(above), 'No request was sent'])
      expect(evidence).toContain(fact.replaceAll(/\s/g, ''));

    await customer.cancel(number);
    await customer.reaches(number, ['cancelled']);
    await page.getByRole('button', { name: 'Close the deviation' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('evidence').fill('the customer has cancelled it');
    await dialog.getByRole('button', { name: 'Close the deviation' }).click();
    expect(await olivia.answer()).toMatch(/^Done/);
    expect(await connector().showBreak(found.id)).toMatchObject({ closed_by: 'olivia' });
    await olivia.closeDialog();
    await stops.reload();
    await rowOf('Closed breaks').waitFor({ state: 'attached' });
    expect(await rowOf('Open breaks').count()).toBe(0);

    await page.getByRole('link', { name: `halt ${found.halt_id}` }).click();
    await page.getByRole('button', { name: 'Ask to lift the halt' }).click();
    await dialog.getByLabel('evidence').fill('the order is cancelled');
    expect(await olivia.confirm('Ask to lift the halt')).toMatch(/^Requested, not done/);
    expect(await given.paymentsTo(behind)).toEqual([]);
    await given.approve(peter, 'connector-gateio', 'lift halt');

    await customer.reaches(waiting, ['completed']);
    expect(await given.paymentsTo(behind)).toHaveLength(1);
    expect(await given.paymentsTo(above)).toEqual([]);
    expect(await openBreaks()).toEqual([]);
    expect(await customer.balance()).toMatchObject({ held: '0' });
  });
});
