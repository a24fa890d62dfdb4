export { CHART, helmProgram } from './helm.js';
