import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { chromium, type Browser, type Page } from 'playwright-core';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome'];
/** Without these flags Chromium calls hosts of its vendor, and needs a sandbox that root lacks. */
const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/**
 * Returns the path of the browser: CHROMIUM_PATH, else a Chromium in PATH; null if there is none.
 * CI sets CHROMIUM_PATH, so that a missing browser fails there instead of skipping the tests.
 */
export function findChromium(): string | null {
  const { CHROMIUM_PATH, PATH = '' } = process.env;
  if (CHROMIUM_PATH) return CHROMIUM_PATH;
  const folders = PATH.split(delimiter);
  const files = NAMES.flatMap((name) => folders.map((folder) => join(folder, name)));
  return files.find((file) => existsSync(file)) ?? null;
}

/** Starts a browser without a window. */
export function openChromium(executablePath: string): Promise<Browser> {
  return chromium.launch({ executablePath, args: FLAGS });
}

/** Place of a console, and a person of the local issuer. */
interface ConsoleLogin {
  /** Origin of the console. */
  readonly url: string;
  readonly name: string;
  readonly password: string;
  /** Page that the person wants. Default: the first page. */
  readonly path?: string;
}

/** Logs a person in at the issuer, and waits for the wanted page. */
export async function logInAt(page: Page, login: ConsoleLogin): Promise<void> {
  await page.goto(`${login.url}/auth/login?to=${encodeURIComponent(login.path ?? '/')}`);
  await fillLogin(page, login);
}

/** Fills the issuer's page, which leads back to the wanted page. */
export async function fillLogin(
  page: Page,
  { url, name, password, path = '/' }: ConsoleLogin,
): Promise<void> {
  await page.getByLabel('Name').fill(name);
  await page.getByLabel('Password').fill(password);
  await page.getByRole('button', { name: 'Log in' }).click();
  await page.waitForURL(`${url}${path}`);
}
