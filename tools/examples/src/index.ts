export { programOf } from './docs-typescript.js';
export { EmptyProject, type Packed } from './empty-project.js';
export { type Language, LANGUAGES, Programs } from './languages.js';
export { type NodeProgram, nodesAtHand } from './nodes-at-hand.js';
