export { percentiles } from './percentiles.js';
