// The window names each check and each sign-in by a number. It starts anywhere, so that a reloaded window does not meet
// the numbers of the one before.
let last = Math.floor(Math.random() * 2 ** 30);

export function nextNumber(): number {
  last += 1;
  return last;
}
