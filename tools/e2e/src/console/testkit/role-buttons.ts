import type { Page } from 'playwright-core';
import type { Person } from './browser.js';
import type { AdminRoute } from './routes-by-role.js';

/** A button of an action, as the page shows it. */
interface ShownButton {
  /** Position among the buttons of the page. */
  readonly at: number;
  /** Panel and label: two equal buttons of a panel send the same route. */
  readonly key: string;
  readonly isDisabled: boolean;
  readonly reason: string;
}

/** Roles of each button of a page, by its key; null for a button that is disabled for every role. */
type ButtonRoles = ReadonlyMap<string, readonly string[] | null>;

const BUTTONS = `[...document.querySelectorAll('main .role-button > button')].map((button, at) => ({
  at,
  key: [button.closest('section')?.querySelector('h2, h3')?.textContent ?? '', button.textContent].join(': '),
  isDisabled: button.disabled || button.getAttribute('aria-disabled') === 'true',
  reason: document.getElementById(button.getAttribute('aria-describedby') ?? '')?.textContent ?? '',
}))`;
/** Words of a page about a reading that failed. */
const FAILED = `[...document.querySelectorAll('main .message')].map((part) => part.textContent)
  .filter((text) => /could not be (asked|read)|reading failed/.test(text))`;
const FAULTY_TITLE = /page failed|No such page|loading/;

/** Buttons without a dialog that names their route. */
const ROUTES: Readonly<Record<string, string>> = {
  'Halt payments': 'intake-api: POST /internal/halts',
  'Register a passkey': 'ledger: POST /internal/passkeys',
};

function shownButtons(page: Page): Promise<readonly ShownButton[]> {
  return page.evaluate<readonly ShownButton[]>(BUTTONS);
}

/**
 * Opens each different dialog of the present page, as a person with every role. Returns the roles that
 * its route has in the service's document. `look` sees each open dialog.
 */
export async function rolesOfButtons(
  page: Page,
  routes: readonly AdminRoute[],
  look: (key: string) => Promise<void>,
): Promise<ButtonRoles> {
  const roles = new Map<string, readonly string[] | null>();
  for (const { at, key, isDisabled } of await shownButtons(page)) {
    if (roles.has(key) && roles.get(key) !== null) continue;
    if (isDisabled) {
      roles.set(key, null);
      continue;
    }
    const [, label = ''] = /: ([^:]*)$/.exec(key) ?? [];
    roles.set(key, rolesOf(ROUTES[label] ?? (await routeOf(page, at, () => look(key))), routes));
  }
  return roles;
}

/** Opens a dialog, and closes it by Escape. Returns its sentence with service, method and path. */
async function routeOf(page: Page, at: number, look: () => Promise<void>): Promise<string> {
  await page.locator('main .role-button > button').nth(at).click();
  const dialog = page.getByRole('dialog');
  const sentence = await dialog
    .getByText(/^[a-z-]+: (POST|PUT|PATCH|DELETE) [/]internal[/]/)
    .textContent();
  await look();
  await page.keyboard.press('Escape');
  await dialog.waitFor({ state: 'detached' });
  return sentence ?? '';
}

function rolesOf(sentence: string, routes: readonly AdminRoute[]): readonly string[] {
  const [, service = '', method = '', path = ''] =
    /^([a-z-]+): ([A-Z]+) ([^?]+)/.exec(sentence) ?? [];
  const found = routes.filter(
    (route) =>
      route.service === service &&
      route.method === method &&
      new RegExp(`^${route.path.replace(/\{\w+\}/g, '[^/]+')}$`).test(path),
  );
  const exact = found.find((route) => route.path === path) ?? found[0];
  if (exact === undefined) throw new Error(`no document has the route of “${sentence}”`);
  return exact.roles;
}

/** Returns the faults of the present page for a person with the roles. */
export async function faultsForRoles(
  { page, name }: Person,
  own: readonly string[],
  roles: ButtonRoles,
): Promise<readonly string[]> {
  const title =
    (await page.getByRole('main').getByRole('heading', { level: 1 }).textContent()) ?? '';
  const failed = await page.evaluate<readonly string[]>(FAILED);
  const buttons = await shownButtons(page);
  // Without a role each reading is refused, and the page names the roles.
  const readFaults =
    own.length > 0 ? failed : failed.filter((text) => !text.includes('it takes the role'));
  return [
    ...(FAULTY_TITLE.test(title) ? [title] : []),
    ...readFaults,
    ...buttons.flatMap((button) => buttonFaults(button, own, roles)),
  ].map((fault) => `${name}: ${fault}`);
}

function buttonFaults(
  { key, isDisabled, reason }: ShownButton,
  own: readonly string[],
  roles: ButtonRoles,
): readonly string[] {
  const permitted = roles.get(key);
  if (permitted === undefined) return [`“${key}” is unknown to a person with every role`];
  if (permitted === null) return [];
  const isPermitted = permitted.some((role) => own.includes(role));
  const namesRoles = permitted.every((role) => reason.includes(`“${role}”`));
  if (isPermitted)
    return reason.includes('Needs the role') ? [`“${key}” is refused: ${reason}`] : [];
  return isDisabled && reason.startsWith('Needs the role') && namesRoles
    ? []
    : [`“${key}” does not name ${permitted.join(', ')}: ${reason}`];
}
