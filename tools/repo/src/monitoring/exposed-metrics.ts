import { familyOf, type Use } from './queries.js';

/** Metrics exposed by services, with the labels of existing series. */
type Exposed = ReadonlyMap<string, ReadonlySet<string>>;

/** Reads metrics from texts in Prometheus's format. */
export function exposedMetrics(texts: readonly string[]): Exposed {
  const lines = texts.join('\n').split('\n');
  const exposed = new Map<string, Set<string>>();
  for (const line of lines) {
    const [, family] = /^# TYPE (\w+) /.exec(line) ?? [];
    if (family !== undefined && !exposed.has(family)) exposed.set(family, new Set());
    const [, metric = '', labels = ''] = /^(\w+)\{(.*)\} /.exec(line) ?? [];
    const known = exposed.get(metric) ?? exposed.get(familyOf(metric));
    for (const [, label = ''] of labels.matchAll(/(\w+)="/g)) known?.add(label);
  }
  return exposed;
}

/** Counters used by a query of which no service exposes a series. Their first event would raise no alert. */
export function countersWithoutSeries(
  uses: readonly Use[],
  texts: readonly string[],
): readonly string[] {
  const lines = texts.join('\n').split('\n');
  const series = new Set(lines.map((line) => /^(\w+)[{ ]/.exec(line)?.[1]));
  const counters = uses.map(({ metric }) => metric).filter((metric) => metric.endsWith('_total'));
  return [...new Set(counters)].filter((metric) => !series.has(metric));
}

/** Null if the services expose the metric and the labels. Labels of a metric without series are not checked. */
export function faultOf({ metric, labels }: Use, exposed: Exposed): string | null {
  const known = exposed.get(metric) ?? exposed.get(familyOf(metric));
  if (known === undefined) return `no service exposes ${metric}`;
  const missing = known.size === 0 ? [] : labels.filter((label) => !known.has(label));
  return missing.length === 0 ? null : `${metric} has no label ${missing.join(', ')}`;
}
