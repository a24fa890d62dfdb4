import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { workspaceRoot } from '@sluice/test-servers';
import yaml from 'yaml';

/** A query of an alert or of a panel. */
interface MetricQuery {
  /** Owner of the query, for people. */
  readonly of: string;
  readonly expr: string;
  /** Labels named in the title, legend or summary. */
  readonly named: readonly string[];
}

/** A metric of ours in a query, with the labels used for selection or grouping. */
export interface Use {
  readonly metric: string;
  readonly labels: readonly string[];
}

interface AlertRules {
  readonly groups: readonly {
    readonly rules: readonly {
      readonly alert: string;
      readonly expr: string;
      readonly annotations: { readonly summary: string };
    }[];
  }[];
}

interface Dashboard {
  readonly uid: string;
  readonly panels: readonly {
    readonly title: string;
    readonly targets: readonly { readonly expr: string; readonly legendFormat: string }[];
  }[];
}

export const ALERTS = join(workspaceRoot(), 'deploy/prometheus/alerts.yaml');
export const ALERT_TESTS = join(workspaceRoot(), 'deploy/prometheus/alerts.test.yaml');
const DASHBOARDS = join(workspaceRoot(), 'deploy/grafana');

/** Labels added by Prometheus, and the label of histograms. */
const GIVEN_LABELS = new Set(['service', 'instance', 'job', 'le']);

export function alertQueries(): readonly MetricQuery[] {
  const { groups } = yaml.parse(readFileSync(ALERTS, 'utf8')) as AlertRules;
  return groups
    .flatMap(({ rules }) => rules)
    .map(({ alert, expr, annotations }) => ({
      of: alert,
      expr,
      named: namesIn(annotations.summary, /\$labels\.(\w+)/g),
    }));
}

export function dashboards(): readonly Dashboard[] {
  return readdirSync(DASHBOARDS)
    .filter((file) => file.endsWith('.json'))
    .map((file) => JSON.parse(readFileSync(join(DASHBOARDS, file), 'utf8')) as Dashboard);
}

/** Queries of the dashboards, with Grafana's variables filled in. */
export function dashboardQueries(): readonly MetricQuery[] {
  return dashboards().flatMap(({ uid, panels }) =>
    panels.flatMap(({ title, targets }) =>
      targets.map(({ expr, legendFormat }) => ({
        of: `${uid}: ${title}`,
        expr: expr.replaceAll('$__rate_interval', '5m').replaceAll('$service', '.*'),
        named: namesIn(legendFormat, /\{\{(\w+)\}\}/g),
      })),
    ),
  );
}

/** Metrics used by a query. Grouping labels belong to each metric of their aggregation. */
export function usesIn(expr: string): readonly Use[] {
  return expr.split(AGGREGATION).flatMap(usesInAggregation);
}

const AGGREGATION = /\b(?:sum|min|max|avg|count|group)\b/;

function usesInAggregation(expr: string): readonly Use[] {
  const [, list = ''] = /^ by \(([^)]*)\)/.exec(expr) ?? [];
  const grouped = namesIn(list, /(\w+)/g);
  return [...expr.matchAll(/\b((?:sluice|nodejs|process)_\w+)(?:\{([^}]*)\})?/g)].map(
    ([, metric = '', selectors = '']) => ({
      metric,
      labels: [...new Set([...grouped, ...namesIn(selectors, /(\w+)\s*(?:=~|!~|!=|=)/g)])].filter(
        (label) => !GIVEN_LABELS.has(label),
      ),
    }),
  );
}

/** Metric name of a histogram's series. */
export function familyOf(metric: string): string {
  return metric.replace(/_(?:bucket|sum|count)$/, '');
}

function namesIn(text: string, pattern: RegExp): readonly string[] {
  return [...text.matchAll(pattern)].map(([, name = '']) => name);
}
