export function versionOf(root?: string): string;
export function isRelease(version: string): boolean;
export function filesWith(version: string, root?: string): ReadonlyMap<string, string>;
export function setVersion(version: string, root?: string): readonly string[];
