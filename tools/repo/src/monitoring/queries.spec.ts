import { declaredMetrics } from './declared-metrics.js';
import { countersWithoutSeries, exposedMetrics, faultOf } from './exposed-metrics.js';
import { alertQueries, dashboardQueries, dashboards, familyOf, usesIn } from './queries.js';

const QUERIES = [...alertQueries(), ...dashboardQueries()];
const NODE = /^(?:nodejs|process)_/;

describe('queries of alerts and dashboards', () => {
  const declared = declaredMetrics();

  it.each(QUERIES.map((query) => [query.of, query.expr] as const))(
    '%s asks for metrics and labels that we have: %s',
    (_, expr) => {
      const own = usesIn(expr).filter(({ metric }) => !NODE.test(metric));
      const faults = own.flatMap(({ metric, labels }) => {
        const known = declared.get(familyOf(metric));
        if (known === undefined) return [metric];
        return labels.filter((label) => !known.includes(label)).map((one) => `${metric}{${one}}`);
      });

      expect(faults).toEqual([]);
    },
  );

  it('name no label in their words that they do not group by', () => {
    const faults = QUERIES.flatMap(({ of, expr, named }) => {
      const kept = new Set(
        [...expr.matchAll(/\bby \(([^)]*)\)/g)].flatMap(([, list = '']) => list.split(', ')),
      );
      return named
        .filter((label) => kept.size > 0 && !kept.has(label))
        .map((one) => `${of}: ${one}`);
    });

    expect(faults).toEqual([]);
  });

  it('are in panels and dashboards of which no two have the same name', () => {
    const names = dashboards().flatMap(({ uid, panels }) => [
      uid,
      ...panels.map(({ title }) => `${uid}: ${title}`),
    ]);

    expect(names.length).toBeGreaterThan(20);
    expect(new Set(names).size).toBe(names.length);
  });
});

describe('what services expose', () => {
  const exposed = exposedMetrics([
    '# TYPE sluice_a gauge\nsluice_a{kind="x",service="y"} 1\n# TYPE sluice_b histogram\nsluice_b_bucket{le="1",route="r"} 2\n# TYPE sluice_c counter',
  ]);

  it.each([
    ['max by (kind) (sluice_a)', null],
    ['max by (state) (sluice_a)', 'sluice_a has no label state'],
    ['rate(sluice_b_count{route="r"}[5m])', null],
    ['rate(sluice_b_bucket{status=~"5.."}[5m])', 'sluice_b_bucket has no label status'],
    ['sluice_c{reason="none yet"}', null],
    ['sluice_d', 'no service exposes sluice_d'],
  ])('is compared with %s', (expr, fault) => {
    expect(usesIn(expr).map((use) => faultOf(use, exposed))).toEqual([fault]);
  });

  it('lacks the counters that have no series', () => {
    const texts = [
      '# TYPE a_total counter\na_total{kind="x"} 0\nb_total 0\n# TYPE c_total counter',
    ];
    const uses = ['a_total', 'b_total', 'c_total', 'd'].map((metric) => ({ metric, labels: [] }));

    expect(countersWithoutSeries(uses, texts)).toEqual(['c_total']);
  });
});
