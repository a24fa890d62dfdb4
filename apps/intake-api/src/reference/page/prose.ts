/** Escapes text for HTML. */
export function escaped(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}

/** Renders a single line: escaped, with `code` and **strong**. */
export function line(text: string): string {
  return escaped(text)
    .split(/(`[^`]*`)/)
    .map((part) =>
      part.startsWith('`')
        ? `<code>${part.slice(1, -1)}</code>`
        : part.replaceAll(/\*\*(.+?)\*\*/g, '<strong>$1</strong>'),
    )
    .join('');
}

/**
 * Renders a subset of Markdown: paragraphs, `## headings`, lists and fenced blocks. Any other
 * markup is treated as text.
 */
export function prose(text: string): string {
  return text
    .split(/(^```[\s\S]*?^```$)/m)
    .map((part) => (part.startsWith('```') ? block(part) : paragraphs(part)))
    .join('\n');
}

function block(fenced: string): string {
  return `<pre>${escaped(fenced.split('\n').slice(1, -1).join('\n'))}</pre>`;
}

function paragraphs(text: string): string {
  return text
    .split(/\n{2,}/)
    .map((paragraph) => paragraph.trim())
    .filter((paragraph) => paragraph !== '')
    .map((paragraph) => {
      if (paragraph.startsWith('## ')) return `<h2>${line(paragraph.slice(3))}</h2>`;
      if (!paragraph.startsWith('- ')) return `<p>${line(paragraph)}</p>`;
      const items = paragraph.split(/^- /m).filter((item) => item !== '');
      return `<ul>${items.map((item) => `<li>${line(item.trim())}</li>`).join('')}</ul>`;
    })
    .join('\n');
}
