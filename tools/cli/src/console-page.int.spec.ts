import { readFileSync } from 'node:fs';
import { COMMANDS } from './commands.js';

const PAGE = readFileSync(new URL('../../../docs/console.md', import.meta.url), 'utf8');
const ROWS = [...PAGE.matchAll(/^\| `([^`]+)` *\| (.+?) *\|$/gm)].map(
  ([, command = '', place = '']) => ({ command, place }),
);

describe('the page about the console', () => {
  it('has a row for each command, and no other', () =>
    expect(ROWS.map(({ command }) => command).toSorted()).toEqual(
      COMMANDS.map(({ name }) => name).toSorted(),
    ));

  it('names a page of the console for each command, or the reason why there is none', () => {
    const pages = pagesOf(readFileSync(LAYOUT, 'utf8'));

    for (const { command, place } of ROWS) {
      const named = [...place.matchAll(/\*([^*]+)\*/g)].map(([, name = '']) => name);
      if (named.length === 0)
        expect(`${command}: ${place}`).toMatch(/: (not here: .{20,}|the menu)/);
      else expect(pages).toEqual(expect.arrayContaining(named));
    }
  });
});

const LAYOUT = new URL('../../../apps/console-web/src/app/layout.tsx', import.meta.url);

/** Pages of the navigation and of the menu, and the pages of one subject. */
function pagesOf(layout: string): readonly string[] {
  const navigation = [...layout.matchAll(/\['\/[a-z]*', '([^']+)'\]/g)].map(
    ([, name = '']) => name,
  );
  const menu = [...layout.matchAll(/<Link to="\/[a-z]+">([^<]+)<\/Link>/g)].map(
    ([, name = '']) => name,
  );
  return [...navigation, ...menu, 'Account', 'Venue', 'Withdrawal'];
}
