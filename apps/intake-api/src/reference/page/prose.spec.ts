import { line, prose } from './prose.js';

describe('prose', () => {
  it('makes paragraphs, headings, lists and blocks', () => {
    expect(
      prose('One **strong** word.\n\n## Next\n\n- a `b`\n- c\n\n```\nx <y>\n\n- z\n```\n\nEnd.'),
    ).toBe(
      '<p>One <strong>strong</strong> word.</p>\n<h2>Next</h2>\n<ul><li>a <code>b</code></li><li>c</li></ul>\n<pre>x &lt;y&gt;\n\n- z</pre>\n<p>End.</p>',
    );
  });

  it.each([
    ['<script>alert(1)</script>', '&lt;script&gt;alert(1)&lt;/script&gt;'],
    ['`<b>` & "c"', '<code>&lt;b&gt;</code> &amp; &quot;c&quot;'],
    ['`a **b** c`', '<code>a **b** c</code>'],
  ])('lets no markup through: %s', (text, html) => {
    expect(line(text)).toBe(html);
  });
});
