export { exposedMetrics, faultOf } from './exposed-metrics.js';
export { alertQueries, dashboardQueries, usesIn } from './queries.js';
