export { ok, refuse, unreachable, type Result } from './result.js';
