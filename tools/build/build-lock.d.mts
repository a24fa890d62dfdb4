export function inTurn<T>(lock: string, work: () => T | Promise<T>): Promise<T>;
