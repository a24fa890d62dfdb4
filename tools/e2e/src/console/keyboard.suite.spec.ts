import { numberOf, recipientOf, toUser } from '../testkit/customer.js';
import type { Person } from './testkit/browser.js';
import { describeInBrowser } from './testkit/find-chromium.js';
import { sharedConsole, type GivenConsole } from './testkit/given-console.js';
import { Keyboard } from './testkit/keyboard.js';

const PUSH = 'POST /withdrawals/push';
const DECIDE = /^Decide: absent$/;
const PASSKEY = /^Use my passkey for exactly this$/;

describeInBrowser('the console without a mouse', (chromium) => {
  let given: GivenConsole;
  let kim: Person;
  let lee: Person;
  beforeAll(async () => {
    given = await sharedConsole.start(chromium);
    given.sluice.system.issuer.admit('kim', ['operate']);
    given.sluice.system.issuer.admit('lee', ['approve']);
    kim = await given.personWithPasskey('kim', 'peter');
    lee = await given.personWithPasskey('lee', 'peter');
  });
  afterEach(() => expect([...kim.takeFaults(), ...lee.takeFaults()]).toEqual([]));

  /** Logs in again, and goes past the navigation to the content of the wanted page. */
  const logIn = async (person: Person, keys: Keyboard, path: string): Promise<void> => {
    await person.endSessions();
    await person.page.goto(`${person.url}${path}`);
    await person.page.getByRole('link', { name: 'Log in' }).waitFor();
    await keys.to('a', /^Log in$/);
    await keys.press('Enter');
    await keys.isAt('input', /^Name/);
    await keys.type(person.name);
    await keys.to('input', /^Password/);
    await keys.type(given.sluice.system.issuer.people[person.name] ?? '');
    await keys.to('button', /^Log in$/);
    await keys.press('Space');
    await person.page.getByRole('heading', { level: 1, name: 'To decide' }).waitFor();
    await person.settled();
    await keys.to('a', /^Skip to the content$/);
    await keys.press('Enter');
    await keys.isOn('main', /./);
  };
  /** Opens an item of the inbox, and its action. Inside of the dialog the focus stays, and Escape leaves. */
  const openAction = async (person: Person, keys: Keyboard, item: RegExp, action: RegExp) => {
    await keys.to('a', item);
    await keys.press('Enter');
    await keys.isOn('h1', /./);
    await person.settled();
    await keys.to('button', action);
    await keys.press('Enter');
    expect(await keys.isOn('section', /./)).toMatchObject({ isInDialog: true });
    await person.settled();
    await keys.to('button', /^Close$/, 'Shift+Tab');
    expect(await keys.walk(30)).toEqual(new Set(['in the dialog']));
    await keys.press('Escape');
    await keys.isOn('button', action);
    await keys.press('Space');
    await keys.isOn('section', /./);
    await person.settled();
  };
  const proveAndClose = async (person: Person, keys: Keyboard): Promise<string> => {
    await keys.isOn('button', PASSKEY);
    await person.page.locator('button[aria-disabled="false"]', { hasText: PASSKEY }).waitFor();
    await keys.press('Enter');
    await keys.isOn('button', /^Close$/);
    const answer = await person.answer();
    await keys.press('Enter');
    return answer;
  };

  it('leads two people from the login to the end of a payment', async () => {
    const customer = await given.sluice.customer({ funds: '1000' });
    await given.sluice.venue.arm(PUSH, 'refuse_with_5xx');
    const body = toUser();
    const number = numberOf(await customer.post(body));
    const { id } = await customer.reaches(number, ['undecided']);
    const [first, second] = [new Keyboard(kim.page), new Keyboard(lee.page)];

    await logIn(kim, first, `/decide?account=${customer.accountId}`);
    await openAction(kim, first, /do not prove the outcome/, DECIDE);
    await first.to('textarea', /^evidence/);
    await first.type('support ticket 8812: no such transfer');
    await first.to('button', DECIDE);
    await first.press('Space');
    expect(await proveAndClose(kim, first)).toMatch(/^Requested, not done/);
    await first.isBack(DECIDE);

    await logIn(lee, second, '/decide');
    const asked = new RegExp(`^kim asks a second person to decide submission ${id}`);
    await openAction(lee, second, asked, /^Approve and carry out$/);
    await second.to('button', /^Approve and carry out$/);
    await second.press('Enter');
    expect(await proveAndClose(lee, second)).toMatch(/^Done/);
    await second.isBack(/^Approve and carry out$/);

    await customer.reaches(number, ['failed']);
    const payments = await given.sluice.venue.payments();
    expect(payments.filter(({ destination }) => destination === recipientOf(body))).toEqual([]);
    expect(await customer.balance()).toMatchObject({ held: '0', balance: '1000' });
    await given.sluice.proveBooks();
  });

  it.each(['/', '/withdrawals', '/decide', '/venues/connector-gateio?part=stops'])(
    'has no trap, and shows the focus everywhere: %s',
    async (path) => {
      const keys = new Keyboard(kim.page);
      await kim.open(path);
      await kim.settled();

      await keys.to('a', /^Skip to the content$/);
      await keys.to('a', /^Skip to the content$/);
      await keys.to('a', /^Skip to the content$/, 'Shift+Tab');
    },
  );
});
