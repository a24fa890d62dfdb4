/**
 * Parameters of constructors of NestJS providers, by file. The container passes collaborators by
 * type, so the position of an argument has no meaning. Such a class is a candidate for a split: lower
 * the number with the class, and remove the file at five.
 */
const COLLABORATORS = {
  'libs/connector-engine/src/worker/submission-workers.ts': 9,
};

export const MOST_PARAMETERS = 5;

export const MANY_PARAMETERS = Object.entries(COLLABORATORS).map(([file, most]) => ({
  files: [file],
  rules: { 'max-params': ['error', most] },
}));
