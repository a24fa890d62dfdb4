export function namedCheaply(bundle: string): string;
