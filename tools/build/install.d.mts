/** Throws a sentence that says what to do where npm fails. */
export function ensureInstalled(root: string): Promise<void>;
