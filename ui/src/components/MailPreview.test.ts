import { render } from "@testing-library/svelte";
import { expect, it } from "vitest";

import MailPreview from "./MailPreview.svelte";

it("draws a mail's text and structure, and nothing of it that could act", () => {
  const html = `<html><head><title>t</title><style>p{}</style></head><body><h1>Consent</h1><p onclick="x()" style="color:red">Hello
    <a href="https://login.example/adminconsent">here</a></p><ul><li><b>User.Read</b></li></ul><script>x()</script><img src=x onerror=x()></body></html>`;
  const { container } = render(MailPreview, { props: { html } });
  expect(container.querySelectorAll("li b")).toHaveLength(1);
  expect(
    container.querySelectorAll("a, script, style, img, [onclick], [style], [href]"),
  ).toHaveLength(0);
  expect(container.textContent).toContain("here");
  expect(container.textContent).not.toContain("x()");
});
