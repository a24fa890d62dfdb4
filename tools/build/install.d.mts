/** Installs the packages of the lockfile. Throws an error with advice if npm fails. */
export function ensureInstalled(root: string): Promise<void>;
