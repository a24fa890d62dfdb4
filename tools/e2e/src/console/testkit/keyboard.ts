import type { Page } from 'playwright-core';

/** The element with the focus. */
interface Focused {
  /** Name of the tag. */
  readonly tag: string;
  readonly name: string;
  readonly isInDialog: boolean;
  /** Why a person does not see the focus; empty if it is visible. */
  readonly hiddenBecause: string;
}

/** Longest way by Tab that a person is expected to go. */
const MOST_TABS = 250;

const FOCUSED = `(() => {
  const element = document.activeElement;
  if (element === null || element === document.body) return null;
  const { outlineStyle, outlineWidth } = getComputedStyle(element);
  const [box] = element.getClientRects();
  const label = element.getAttribute('aria-label') ?? element.labels?.[0]?.textContent ?? element.textContent;
  const isSeen = () => box.height > innerHeight / 2 || [3, box.height / 2, box.height - 3].some((down) => {
    const top = document.elementFromPoint(box.x + Math.min(box.width, 60) / 2, box.y + down);
    return top !== null && (element.contains(top) || top.contains(element));
  });
  return {
    tag: element.tagName.toLowerCase(),
    name: label.replace(/\\s+/g, ' ').trim().slice(0, 200),
    isInDialog: element.closest('[role="dialog"]') !== null,
    hiddenBecause: box === undefined ? 'no box'
      : outlineStyle === 'none' || (outlineStyle !== 'auto' && parseFloat(outlineWidth) < 2) ? 'no outline'
      : !isSeen() ? 'covered, or outside of the window' : '',
  };
})()`;

/** A person without a mouse. Each step expects a visible focus. */
export class Keyboard {
  constructor(private readonly page: Page) {}

  /** The focused element; null at the end of the page. Throws if a person does not see it. */
  async focused(): Promise<Focused | null> {
    const focused = await this.page.evaluate<Focused | null>(FOCUSED);
    if (focused !== null && focused.hiddenBecause !== '')
      throw new Error(`the focus is on ${focused.tag} “${focused.name}”: ${focused.hiddenBecause}`);
    return focused;
  }

  async press(key: string): Promise<void> {
    await this.page.keyboard.press(key);
  }

  async type(text: string): Promise<void> {
    await this.page.keyboard.type(text);
  }

  /** Presses Tab, or Shift+Tab, until an element of the tag and the name has the focus. */
  async to(tag: string, name: RegExp, key: 'Tab' | 'Shift+Tab' = 'Tab'): Promise<Focused> {
    const passed: string[] = [];
    while (passed.length < MOST_TABS) {
      await this.press(key);
      const focused = await this.focused();
      if (focused?.tag === tag && name.test(focused.name)) return focused;
      passed.push(`${focused?.tag ?? 'the end'} ${focused?.name.slice(0, 30) ?? ''}`);
    }
    throw new Error(`no ${tag} ${String(name)} on the way: ${passed.slice(-20).join(', ')}`);
  }

  /** Presses Tab; returns the places of the focus. */
  async walk(steps: number): Promise<ReadonlySet<string>> {
    const places = new Set<string>();
    for (let step = 0; step < steps; step++) {
      await this.press('Tab');
      const focused = await this.focused();
      places.add(
        focused?.isInDialog === true ? 'in the dialog' : `on ${focused?.tag ?? 'the page'}`,
      );
    }
    return places;
  }

  /** Waits for an element that has the focus by itself; pages of others show it as they like. */
  async isAt(tag: string, name: RegExp): Promise<void> {
    await this.page.waitForFunction(
      `(() => { const found = ${FOCUSED}; return found?.tag === '${tag}' && ${String(name)}.test(found.name); })()`,
    );
  }

  /** Waits until the focus is on an element of the tag and the name, without a key. */
  async isOn(tag: string, name: RegExp): Promise<Focused> {
    let last = 'nothing';
    for (const until = Date.now() + 15_000; Date.now() < until;) {
      const focused = await this.page.evaluate<Focused | null>(FOCUSED);
      if (focused?.tag === tag && name.test(focused.name) && focused.hiddenBecause === '')
        return focused;
      last = `${focused?.tag ?? 'nothing'} ${focused?.name ?? ''} ${focused?.hiddenBecause ?? ''}`;
      await this.page.waitForTimeout(25);
    }
    throw new Error(`the focus is on ${last}, and not on ${tag} ${String(name)}`);
  }

  /** Waits for the focus after a dialog: on its button, or on the title if the page has replaced the button. */
  async isBack(name: RegExp): Promise<void> {
    await Promise.any([this.isOn('button', name), this.isOn('h1', /./)]);
  }
}
