-- ends-after-it-began: an example ends after it began
SELECT id, began_at, ended_at FROM example WHERE ended_at < began_at
