import { parse } from 'yaml';
import { filesLike, read } from './repository.js';

interface Rule {
  readonly alert: string;
  readonly expr: string;
  readonly labels: { readonly severity: string };
  readonly annotations: {
    readonly summary: string;
    readonly description: string;
    readonly runbook_url: string;
  };
}

const FOLDER = 'deploy/prometheus';
/** The public repository, of which a link in an alert opens a page. */
const PAGES = 'https://github.com/sluice-gateway/sluice/blob/main/';
const textOf = (file: string): string => read(`${FOLDER}/${file}`);

const { groups } = parse(textOf('alerts.yaml')) as {
  groups: readonly { rules: readonly Rule[] }[];
};
const RULES = groups.flatMap(({ rules }) => rules).map((rule) => [rule.alert, rule] as const);
const CODE = filesLike(/^(apps|libs)\/.*\.ts$/)
  .map(read)
  .join('\n');

/** As the page's host makes them. */
const anchorsOf = (page: string): readonly string[] =>
  [...read(page).matchAll(/^#+ (.+)$/gm)].map(([, title = '']) =>
    title
      .toLowerCase()
      .replace(/[^\w -]/g, '')
      .replaceAll(' ', '-'),
  );

/** True for a counter without labels, which prom-client begins at 0, and for a counter that its file begins. */
function beginsAtZero(name: string): boolean {
  const [, declaration = '', variable = ''] =
    new RegExp(`((?:const (\\w+) = )?new Counter\\(\\{\\s+name: '${name}'[^}]+)\\}`).exec(CODE) ??
    [];
  if (declaration === '') return false;
  return (
    !declaration.includes('labelNames') ||
    declaration.includes('collect()') || // reads every known value at each scrape
    CODE.includes(`startAtZero(${variable}, `)
  );
}

describe('alert rules', () => {
  it.each(RULES)('%s looks at metrics that we have', (_name, { expr }) => {
    const metrics = expr.match(/\bsluice_[a-z_]+/g) ?? [];
    const missing = metrics.filter((name) => !CODE.includes(`'${name.replace(/_count$/, '')}'`));

    expect(missing).toEqual([]);
  });

  it.each(RULES)('%s leads to a page of the runbook', (_name, { annotations, labels }) => {
    const [url = '', anchor] = annotations.runbook_url.split('#');

    expect(url.startsWith(PAGES)).toBe(true);
    expect(anchorsOf(url.slice(PAGES.length))).toContain(anchor);
    expect(['page', 'ticket']).toContain(labels.severity);
  });

  it.each(RULES)('%s has a test', (name) => {
    expect(textOf('alerts.test.yaml')).toContain(`alertname: ${name}`);
  });

  it.each(RULES)('%s states the event, its effect and the first step', (_name, { annotations }) => {
    expect(annotations.summary).not.toMatch(/\.$/);
    expect(annotations.description).toMatch(/^[A-Z].*\. .*\.$/);
  });

  it.each(RULES.filter(([, { annotations }]) => annotations.summary.startsWith('SECURITY: ')))(
    '%s is an intrusion: it pages, and leads to no page that ends with a replay',
    (_name, { annotations, labels }) => {
      expect(labels.severity).toBe('page');
      expect(annotations.runbook_url).not.toContain('#a-message-is-dead-lettered');
    },
  );

  it('begins every labelled counter at 0, so that the first event is seen', () => {
    const labelled = RULES.flatMap(([, { expr }]) => expr.match(/\bsluice_[a-z_]+_total\b/g) ?? []);
    const without = [...new Set(labelled)].filter((name) => !beginsAtZero(name));

    expect(labelled.length).toBeGreaterThan(10);
    expect(without).toEqual([]);
  });
});
