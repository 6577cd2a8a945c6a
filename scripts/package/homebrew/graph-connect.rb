cask "graph-connect" do
  arch arm: "aarch64", intel: "x86_64"

  version "@version@"
  sha256 arm:   "@dmg_aarch64_sha256@",
         intel: "@dmg_x86_64_sha256@"

  url "@address@/graph-connect-#{version}-#{arch}.dmg"
  name "@product_name@"
  desc "@summary@"
  homepage "@homepage@"

  depends_on macos: :ventura

  app "@product_name@.app"
  binary "#{appdir}/@product_name@.app/Contents/MacOS/graph-connect"

  uninstall quit: "@product_code@"

  # Secrets are in the keychain, where no file shows them: "graph-connect remove --all" removes them first.
  zap trash: [
    "~/Library/Application Support/@product_code@",
    "~/Library/Caches/@product_code@",
    "~/Library/WebKit/@product_code@",
  ]
end
