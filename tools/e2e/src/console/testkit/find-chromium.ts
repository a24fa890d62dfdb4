import { findChromium } from '@sluice/test-servers/chromium';

/** `describe` with a browser; without one the tests are skipped, and the title says why. */
export function describeInBrowser(title: string, suite: (chromium: string) => void): void {
  const chromium = findChromium();
  if (chromium !== null) return describe(title, () => suite(chromium));
  describe.skip(`${title} (skipped: no Chromium in PATH, and CHROMIUM_PATH is not set)`, () =>
    suite(''));
}
