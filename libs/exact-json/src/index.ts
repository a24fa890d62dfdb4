export { DoubledNameError, NumberText, parseExactJson } from './parse-exact-json.js';
export { parseLongIds } from './parse-long-ids.js';
export { isObject } from './is-object.js';
