export function escaped(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}

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

/** Renders paragraphs, `## headings`, lists and fenced blocks; any other markup is text. */
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

/** Style sheet of the page, allowed by hash in the Content-Security-Policy. */
export const STYLE = `
:root { color-scheme: light dark; --line: #8884; --soft: #8882; --link: #2563c9; }
@media (prefers-color-scheme: dark) { :root { --link: #8ab4f8; } }
* { box-sizing: border-box; }
body { margin: 0; font: 16px/1.5 system-ui, sans-serif; display: grid; grid-template-columns: 17rem minmax(0, 1fr); }
nav { position: sticky; top: 0; height: 100vh; overflow: auto; padding: 1rem; border-right: 1px solid var(--line); font-size: .9rem; }
nav h2 { font-size: .8rem; text-transform: uppercase; letter-spacing: .05em; margin: 1.2rem 0 .2rem; }
nav ul { list-style: none; margin: 0; padding: 0; }
nav li { margin: .15rem 0; }
nav .title { font-weight: 700; }
a { color: var(--link); text-decoration: none; }
a:hover, a:focus { text-decoration: underline; }
main { padding: 1rem 2rem 4rem; max-width: 62rem; }
h2.subject { margin-top: 3rem; border-bottom: 2px solid var(--line); text-transform: capitalize; }
section { margin: 2rem 0; padding-bottom: 1rem; border-bottom: 1px solid var(--line); }
h3 { margin-bottom: .2rem; } h4 { margin: 1rem 0 .3rem; }
.route code { font-size: 1rem; } .needs { color: GrayText; margin: .2rem 0; }
code, pre { font-family: ui-monospace, monospace; font-size: .88em; background: var(--soft); border-radius: 3px; }
code { padding: .1em .3em; overflow-wrap: anywhere; } pre { padding: .8rem; overflow: auto; }
table { border-collapse: collapse; width: 100%; font-size: .9rem; }
th, td { text-align: left; vertical-align: top; padding: .3rem .6rem .3rem 0; border-bottom: 1px solid var(--line); }
b.get, b.post, b.delete, b.put, b.patch { font-size: .75rem; font-family: ui-monospace, monospace; }
.ours { font-size: .7rem; border: 1px solid var(--line); border-radius: 3px; padding: 0 .3rem; vertical-align: middle; }
details summary { cursor: pointer; margin: .5rem 0; }
@media (max-width: 50rem) { body { display: block; } nav { position: static; height: auto; border: 0; } main { padding: 1rem; } }
`;
