export { countersWithoutSeries, exposedMetrics, faultOf } from './monitoring/exposed-metrics.js';
export { alertQueries, dashboardQueries, usesIn } from './monitoring/queries.js';
