export { percentiles } from './load/percentiles.js';
