/** Makes a value when it is first asked for. For what reads large tables of the web view's, such as everything of `Intl`:
 *  the first painting need not wait for them. */
export function once<T>(make: () => T): () => T {
  let made: T | undefined;
  return () => (made ??= make());
}
