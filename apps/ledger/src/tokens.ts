/** What Nest injects by name, because it is a function. */
export const APPLY_COMMANDS = Symbol('apply commands');
