import { randomBytes } from 'node:crypto';
import type { Person } from './testkit/browser.js';
import { ConsoleCaller } from './testkit/console-call.js';
import { everyPage, innerPages } from './testkit/every-page.js';
import { describeInBrowser } from './testkit/find-chromium.js';
import { sharedConsole, type GivenConsole } from './testkit/given-console.js';
import { faultsForRoles, rolesOfButtons } from './testkit/role-buttons.js';
import { adminRoutes, answersByRole, type AdminRoute } from './testkit/routes-by-role.js';
import { WaitingSubjects } from './testkit/waiting-subjects.js';

/** People of the local stack, and people for the sets of roles that the local stack lacks. */
const ROLES = {
  demo: ['operate', 'approve', 'administer', 'audit'],
  olivia: ['operate'],
  peter: ['operate', 'approve'],
  ada: ['administer'],
  audrey: ['audit'],
  vera: ['approve'],
  nora: [],
} as const satisfies Readonly<Record<string, readonly string[]>>;
const NAMES = Object.keys(ROLES) as readonly (keyof typeof ROLES)[];

/** Kinds with their evidence on the page, the button of the first action, and the words of its dialog. */
const EVIDENCE: readonly (readonly [
  kind: string,
  onPage: readonly string[],
  button: string | null,
  inDialog: string,
])[] = [
  [
    'break',
    ['other amount', '5.20 USDT, the order was 5.25 USDT', 'Attempts: 1', 'Our reference'],
    'Close the deviation',
    'Closing books nothing and pays nothing',
  ],
  [
    'finding',
    ['other amount', 'withdrawal 4711', '5.25', '5.20', 'w-4711'],
    'Ask to close the finding',
    'Closing books nothing',
  ],
  [
    'dead_letter',
    ['ledger.commands, partition 0', 'key-4711', 'amount is not a text', '"amount": "5.25"'],
    'Replay',
    'processes the message again',
  ],
  [
    'paused_wallet',
    ['Paying address on', 'every node refuses transaction', 'Next nonce', 'perhaps spent'],
    'Ask to resume the address',
    'After the second person the address sends payments again',
  ],
  [
    'ledger_difference',
    ['capture_missing', 'its hold is placed', 'All differences'],
    'Ask to send everything missing again',
    'All listed bookings are sent to the ledger again',
  ],
  [
    'address_entry',
    ['Vault of the treasury', 'person:ada', 'has never been paid out to it'],
    'Confirm the address',
    'Vault of the treasury',
  ],
  [
    'order_case',
    ['the signature does not fit the key', 'Nothing was held or paid', '41.75'],
    null,
    '',
  ],
];

describeInBrowser('access to the console', (chromium) => {
  let given: GivenConsole;
  let subjects: WaitingSubjects;
  let routes: readonly AdminRoute[];
  const people = new Map<string, Person>();
  const callers = new Map<string, ConsoleCaller>();
  beforeAll(async () => {
    given = await sharedConsole.start(chromium);
    subjects = await WaitingSubjects.plantedIn(given.sluice);
    for (const name of NAMES) {
      const person = await given.admitted(name, ROLES[name]);
      people.set(name, person);
      callers.set(name, await ConsoleCaller.of(person));
    }
    routes = await adminRoutes(callerOf('demo'));
  });
  afterAll(async () => {
    await subjects.end();
    await given.sluice.proveBooks();
  });
  afterEach(() =>
    expect([...people.values()].flatMap((person) => person.takeFaults())).toEqual([]),
  );

  const personOf = (name: keyof typeof ROLES): Person => people.get(name)!;
  const callerOf = (name: keyof typeof ROLES): ConsoleCaller => callers.get(name)!;

  it.each(EVIDENCE)(
    'leads from the inbox to the evidence of a %s',
    async (kind, onPage, button, inDialog) => {
      const page = await personOf('demo').go('/decide');
      const { service, id } = subjects.of(kind);
      await page
        .locator(`main a[href="/decide/${service}/${kind}/${encodeURIComponent(id)}"]`)
        .click();
      await page.getByRole('heading', { level: 1, name: /./ }).waitFor();
      await personOf('demo').settled();

      const text = (await page.getByRole('main').textContent()) ?? '';
      for (const part of onPage) expect(text).toContain(part);
      if (kind === 'address_entry') expect(text).toContain(subjects.address);
      if (kind === 'break') expect(text).not.toContain('address:');
      if (kind === 'paused_wallet') expect(text).toContain(subjects.wallet);
      if (button === null) return;
      await page.getByRole('button', { name: button }).click();
      await page.getByRole('dialog').getByText(inDialog).first().waitFor();
      await page.keyboard.press('Escape');
    },
  );

  it('has each route of each service exactly for the roles of its OpenAPI document', async () => {
    expect(routes.length).toBeGreaterThan(150);

    const { wrong, changing } = await answersByRole(
      routes,
      NAMES.map((name) => ({ caller: callerOf(name), roles: ROLES[name] })),
    );

    expect(wrong).toEqual([]);
    // proofs change nothing, and what is sealed again stays sealed
    expect(changing).toEqual([
      'POST /internal/audit/proof',
      'POST /internal/keys/rewrap',
      'POST /internal/proof',
      'POST /internal/webhooks/rewrap',
    ]);
  });

  it('comes from the session alone: not from another cookie, a self-made token, or a header', async () => {
    const audrey = callerOf('audrey');
    const claims = { sub: 'demo', roles: ROLES.demo, aud: 'sluice', exp: 4_000_000_000 };
    const [head, body] = [{ alg: 'none' }, claims].map((part) =>
      Buffer.from(JSON.stringify(part)).toString('base64url'),
    );
    const token = `Bearer ${head}.${body}.`;
    const halt = ['POST', '/api/services/connector-gateio/halts'] as const;
    const wish = { body: JSON.stringify({ details: 'x' }) };
    const asked = async (caller: ConsoleCaller, headers: Readonly<Record<string, string>>) =>
      (await caller.ask(...halt, { ...wish, headers })).status;

    for (const changed of [
      (cookie: string) => cookie.replace(/.{8}$/, randomBytes(6).toString('base64url')),
      (cookie: string) => cookie.replace(/=.*$/, `=${head}.${body}.`),
      () => '',
    ]) {
      expect(await asked(audrey.withCookie(changed), {})).toBe(401);
      expect(await asked(audrey.withCookie(changed), { authorization: token })).toBe(401);
    }
    const forged = {
      authorization: token,
      'sluice-person': 'demo',
      'sluice-roles': 'operate',
      'sluice-caller': JSON.stringify(claims),
      'sluice-browser': '203.0.113.7',
      'x-forwarded-user': 'demo',
      'x-http-method-override': 'GET',
      'sluice-passkey': Buffer.from('{"at":"2026-01-01T00:00:00Z"}').toString('base64url'),
    };
    for (const [name, value] of Object.entries(forged))
      expect([name, await asked(audrey, { [name]: value })]).toEqual([name, 403]);
    const { 'sluice-passkey': _, ...claimed } = forged;
    const whoami = await audrey.ask('GET', '/api/services/ledger/whoami', { headers: claimed });
    expect(JSON.parse(whoami.text)).toMatchObject({ data: { name: 'audrey', roles: ['audit'] } });
    const { data } = await given.sluice.admin.ledger.auditEntries({ by: 'audrey', limit: 20 });
    expect(JSON.stringify(data)).not.toContain('203.0.113.7');
    const direct = `${given.sluice.system.run.internal.ledger}/internal/whoami`;
    expect((await fetch(direct, { headers: { authorization: token } })).status).toBe(401);
  });

  it('is shown on each page: buttons are disabled with the missing role, refused readings name it; dialogs have no fault of accessibility', async () => {
    const demo = personOf('demo');
    // two roles together show what each of them shows
    const others = NAMES.filter((name) => name !== 'demo' && name !== 'peter');
    const faults: string[] = [];
    let buttons = 0;
    for (const path of everyPage(subjects)) {
      const page = await demo.go(path);
      const roles = await rolesOfButtons(page, routes, async (key) => {
        const found = await faultsOfView(demo, '[role="dialog"]');
        faults.push(...found.map((fault) => `${path}, dialog ${key}: ${fault}`));
      });
      buttons += roles.size;
      const perPerson = others.map(async (name) => {
        await personOf(name).go(path);
        return faultsForRoles(personOf(name), ROLES[name], roles);
      });
      const found = [
        await faultsForRoles(demo, ROLES.demo, roles),
        ...(await Promise.all(perPerson)),
      ];
      faults.push(...found.flat().map((fault) => `${path}, ${fault}`));
    }

    expect(faults).toEqual([]);
    expect(buttons).toBeGreaterThan(40);
  });

  it('is without a fault of accessibility on inner pages, in both themes, at 360 px and with a zoom of 200 %, without motion', async () => {
    const demo = personOf('demo');
    const faults: string[] = [];
    for (const path of innerPages(subjects)) {
      await demo.go(path);
      const found = await faultsOfView(demo, 'html');
      faults.push(...found.map((fault) => `${path}: ${fault}`));
    }

    expect(faults).toEqual([]);
  });

  /** Faults of the present view in the light theme at 1280 px, and in the dark theme at 360 px. */
  async function faultsOfView(person: Person, part: string): Promise<readonly string[]> {
    const { page } = person;
    const faults: string[] = [];
    for (const [colorScheme, width] of [
      ['dark', 360],
      ['light', 640],
      ['light', 1280],
    ] as const) {
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
      await page.setViewportSize({ width, height: 900 });
      const [needed, moving] = await page.evaluate<readonly [number, number]>(
        `[document.documentElement.scrollWidth, document.getAnimations().filter(({ playState }) => playState === 'running').length]`,
      );
      if (needed > width) faults.push(`${width} px: needs ${needed} px`);
      if (moving > 0) faults.push(`${moving} parts move`);
      const found = width === 640 ? [] : await person.accessibilityFaults(part);
      faults.push(...found.map((fault) => `${colorScheme}, ${width} px: ${fault}`));
    }
    return faults;
  }
});
