import { parse } from 'yaml';
import { filesLike, read } from './repository.js';

interface Rule {
  readonly alert: string;
  readonly expr: string;
  readonly labels: { readonly severity: string };
  readonly annotations: { readonly summary: string; readonly runbook_url: string };
}

const FOLDER = 'deploy/prometheus';
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

describe('alert rules', () => {
  it.each(RULES)('%s looks at metrics that we have', (_name, { expr }) => {
    const metrics = expr.match(/\bsluice_[a-z_]+/g) ?? [];
    const missing = metrics.filter((name) => !CODE.includes(`'${name.replace(/_count$/, '')}'`));

    expect(missing).toEqual([]);
  });

  it.each(RULES)('%s leads to a page of the runbook', (_name, { annotations, labels }) => {
    const [page = '', anchor] = annotations.runbook_url.split('#');

    expect(anchorsOf(page)).toContain(anchor);
    expect(['page', 'ticket']).toContain(labels.severity);
  });

  it.each(RULES)('%s has a test', (name) => {
    expect(textOf('alerts.test.yaml')).toContain(`alertname: ${name}`);
  });
});
