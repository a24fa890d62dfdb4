import { visibleText } from './visible-text.js';

describe('a foreign text', () => {
  it('shows marks that would turn its direction', () =>
    expect(visibleText('pay \u202E001 to\u200Bme')).toBe('pay [U+202E]001 to[U+200B]me'));

  it('shows controls, and keeps lines and tabs', () =>
    expect(visibleText('a\u0000b\n\tc\u001b[31m')).toBe('a[U+0000]b\n\tc[U+001B][31m'));

  it('shows tags, separators and fillers, which look like nothing', () =>
    expect(visibleText('a\u{E0041}\u2028\u180B\u2800b')).toBe(
      'a[U+E0041][U+2028][U+180B][U+2800]b',
    ));

  it('keeps letters of every script, and markup as characters', () =>
    expect(visibleText('Zürich 東京 <script>alert(1)</script>')).toBe(
      'Zürich 東京 <script>alert(1)</script>',
    ));
});
