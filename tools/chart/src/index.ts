export { fetchedTool } from './fetched-tool.js';
export { CHART, helmProgram } from './helm.js';
