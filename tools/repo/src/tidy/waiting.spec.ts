import { posix } from 'node:path';
import { NEXT_STEPS } from '@sluice/kernel';
import { parse } from 'yaml';
import { read } from './repository.js';

const RUNBOOK = 'docs/operations/runbook.md';
const ROW =
  /^\| `(\w+)` \| [^|]+ \| `(sluice [^`]+)` \| \[[^\]]+\]\(([^)]+)\) \| (?:`(\w+)`|–) \|$/gm;
/** Rows of the runbook about the causes of waiting: cause, meaning, next step, section, alert. */
const ROWS = [...read(RUNBOOK).matchAll(ROW)].map(([, cause = '', command, link = '', alert]) => {
  const target = link.startsWith('#') ? `runbook.md${link}` : link;
  const section = posix.relative('docs', posix.join('docs/operations', target));
  return { cause, command: command?.replaceAll('\\|', '|'), section, alert };
});
const { groups } = parse(read('deploy/prometheus/alerts.yaml')) as {
  groups: readonly { rules: readonly { alert: string; annotations: { runbook_url: string } }[] }[];
};
const RULES = groups.flatMap(({ rules }) => rules);

describe('the causes of waiting', () => {
  it('each have a row in the runbook, with the next step that the services name', () => {
    expect(ROWS.map(({ cause, command, section }) => [cause, { command, section }])).toEqual(
      Object.entries(NEXT_STEPS),
    );
  });

  it.each(ROWS)('$cause leads to a section that exists', ({ section }) => {
    const [page = '', anchor] = section.split('#');
    const anchors = [...read(`docs/${page}`).matchAll(/^#+ (.+)$/gm)].map(([, title = '']) =>
      title
        .toLowerCase()
        .replace(/[^\w -]/g, '')
        .replaceAll(' ', '-'),
    );
    expect(anchors).toContain(anchor);
  });

  it.each(ROWS.filter(({ alert }) => alert !== undefined))(
    '$cause and its alert $alert lead to the same section',
    ({ section, alert }) => {
      const rule = RULES.find((one) => one.alert === alert);
      expect(rule?.annotations.runbook_url).toMatch(new RegExp(`/docs/${section}$`));
    },
  );
});
