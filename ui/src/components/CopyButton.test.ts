import { render, screen } from "@testing-library/svelte";
import { userEvent } from "@testing-library/user-event";
import { expect, it, vi } from "vitest";

import CopyButton from "./CopyButton.svelte";

it("copies and says so", async () => {
  const user = userEvent.setup();
  render(CopyButton, { props: { label: "Copy report", text: "all of it" } });
  await user.click(screen.getByRole("button", { name: "Copy report" }));
  expect(await screen.findByText("Copied")).toBeTruthy();
  expect(await navigator.clipboard.readText()).toBe("all of it");
});

it("shows the text in a field, selected, where the clipboard is refused", async () => {
  const user = userEvent.setup();
  vi.spyOn(navigator.clipboard, "writeText").mockRejectedValue(new Error("not allowed"));
  render(CopyButton, { props: { label: "Copy report", text: "all of it" } });
  await user.click(screen.getByRole("button", { name: "Copy report" }));
  const field = await screen.findByLabelText<HTMLTextAreaElement>("Press Ctrl+C to copy");
  expect(field.value).toBe("all of it");
  expect(field.readOnly).toBe(true);
  expect(document.activeElement).toBe(field);
});

it("hands on the error when the text cannot be had", async () => {
  const user = userEvent.setup();
  const onError = vi.fn();
  const text = () => Promise.reject(new Error("too many"));
  render(CopyButton, { props: { label: "Copy sign-in link", text, onError } });
  await user.click(screen.getByRole("button", { name: "Copy sign-in link" }));
  expect(onError).toHaveBeenCalledOnce();
  expect(screen.queryByText("Copied")).toBeNull();
});
